"""The theme in force: light, dark or what the system says; widgets ask it and hear of changes."""

from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from studio_desktop.theme.fonts import TextStyle, font_of
from studio_desktop.theme.icons import IconLoader
from studio_desktop.theme.palette import palette_of
from studio_desktop.theme.stylesheet import stylesheet
from studio_desktop.theme.tokens import Colours, Tokens, load_tokens

Mode = Literal["light", "dark", "system"]
MODES: tuple[Mode, ...] = get_args(Mode)

_SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


class Theme(QObject):
    """Sets palette, font and style sheet of the whole program.

    changed: after every switch; whoever painted or made an icon with the old colours does it anew.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__(app)
        self._app = app
        self.tokens: Tokens = load_tokens()
        self.icons = IconLoader()
        self._mode: Mode = mode
        # Style sheets take pictures only from files, so the few they need are written recoloured.
        self._pictures = QTemporaryDir()
        app.setStyle("Fusion")
        app.setFont(self.font("body"))
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def is_dark(self) -> bool:
        if self._mode == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def colours(self) -> Colours:
        return self.tokens.dark if self.is_dark else self.tokens.light

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        self._apply()

    def colour(self, token: str) -> QColor:
        return QColor(self.colours[token])

    def artist_colour(self, value: str | int | None) -> QColor:
        """An artist's colour: a place in the set of eight, or #RRGGBB moved to this theme's set."""
        here, light = self.colours.artists, self.tokens.light.artists
        if value is None:
            return self.colour("text_3")
        if isinstance(value, str) and not value.lstrip("-").isdigit():
            upper = value.upper()
            return QColor(here[light.index(upper)] if upper in light else value)
        return QColor(here[int(value) % len(here)])

    def font(self, style: TextStyle, *, strong: bool = False) -> QFont:
        return font_of(self.tokens, style, strong=strong)

    def icon(self, name: str, token: str = "text_2", size: int = 18) -> QIcon:
        return self.icons.icon(name, self.colours[token], size)

    def pixmap(self, name: str, token: str, size: int, widget: QWidget) -> QPixmap:
        """One picture for painting on a widget, sharp at that widget's scale."""
        return self.icons.pixmap(name, self.colours[token], size, widget.devicePixelRatioF())

    @Slot()
    def _on_system_scheme_changed(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        hints = self._app.styleHints()
        if hints.colorScheme() != _SCHEMES[self._mode]:
            # Window frames and the dialogs of the system follow.
            hints.blockSignals(True)
            hints.setColorScheme(_SCHEMES[self._mode])
            hints.blockSignals(False)
        self._app.setPalette(palette_of(self.colours))
        self._app.setStyleSheet(
            stylesheet(self.tokens, self.colours, self.icons, self._pictures.path())
        )
        self.changed.emit()


def as_mode(text: object) -> Mode:
    """A mode from settings or the command line; anything unknown follows the system."""
    return text if text in MODES else "system"
