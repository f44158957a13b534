"""A few sentences inside a panel or a form, on the ground of their tone, with one action."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from studio_desktop.models.columns import Tone
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.text import label, restyle

_ICONS = {
    "neutral": ("info", "text_2"),
    "accent": ("info", "accent"),
    "success": ("check_circle", "success"),
    "warning": ("alert", "warning"),
    "danger": ("error", "danger"),
}


class Notice(QFrame):
    """Hidden until say(). wanted: its action was pressed."""

    wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone: Tone = "neutral"
        self._does: Callable[[], object] | None = None
        self.setProperty("look", "notice")
        self._icon = QLabel()
        self._words = label("", wrap=True)
        self.action = Button("")
        self.action.clicked.connect(self._on_action)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._words)
        words.addWidget(self.action, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme.changed.connect(self._redraw)
        self.hide()

    def say(
        self,
        text: str,
        tone: Tone = "neutral",
        action: str | None = None,
        does: Callable[[], object] | None = None,
    ) -> None:
        """does: what its action does, where that differs from one sentence to the next."""
        self._tone, self._does = tone, does
        self.setProperty("tone", tone)
        self._words.setText(text)
        self.action.setVisible(action is not None)
        if action is not None:
            self.action.set_words(action)
        self.setAccessibleName(text)
        restyle(self)
        restyle(self._words)
        restyle(self.action)
        self._redraw()
        self.show()

    def text(self) -> str:
        return self._words.text()

    @Slot()
    def _on_action(self) -> None:
        if self._does is not None:
            self._does()
        self.wanted.emit()

    @Slot()
    def _redraw(self) -> None:
        icon, token = _ICONS[self._tone]
        self._icon.setPixmap(self._theme.pixmap(icon, token, 18, self))
