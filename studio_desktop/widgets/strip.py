"""A line of 40 px under a header: lost connection, read-only month, low stock."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from studio_desktop.models.columns import Tone
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.text import ElidedLabel, restyle

_ICONS = {
    "neutral": ("info", "text_2"),
    "accent": ("info", "accent"),
    "success": ("check_circle", "success"),
    "warning": ("alert", "warning"),
    "danger": ("error", "danger"),
}


class Strip(QFrame):
    """Hidden until say(). wanted: its button was pressed."""

    wanted = Signal()

    def __init__(self, theme: Theme, margin: int = 24) -> None:
        super().__init__()
        self._theme = theme
        self._tone: Tone = "neutral"
        self.setProperty("look", "strip")
        self.setFixedHeight(40)
        self._icon = QLabel()
        self._words = ElidedLabel()
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = Button("")
        self._action.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(margin, 0, margin - 8, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        theme.changed.connect(self._redraw)
        self.hide()

    def say(self, text: str, tone: Tone = "neutral", action: str | None = None) -> None:
        self._tone = tone
        self.setProperty("tone", tone)
        self._words.set_whole(text)
        self._action.setVisible(action is not None)
        if action is not None:
            self._action.set_words(action)
        self.setAccessibleName(text)
        restyle(self)
        restyle(self._words)
        self._redraw()
        self.show()

    def text(self) -> str:
        return self._words.whole()

    @Slot()
    def _redraw(self) -> None:
        icon, token = _ICONS[self._tone]
        self._icon.setPixmap(self._theme.pixmap(icon, token, 18, self))
