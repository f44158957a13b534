"""Words on the screen, in one of the looks of the style sheet."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

Look = Literal[
    "body", "title", "section", "strong", "figure", "quiet", "caption", "caption_strong", "error",
    "field",
]  # fmt: skip


def label(text: str = "", look: Look = "body", *, wrap: bool = False) -> QLabel:
    """Plain text always: nothing that a client typed is read as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    made.setWordWrap(wrap)
    return made


def line() -> QFrame:
    """A hairline across."""
    made = QFrame()
    made.setProperty("look", "line")
    return made


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis when there is no room; the whole text is its tool tip."""

    def __init__(self, text: str = "", look: Look = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def whole(self) -> str:
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = max(self.width(), 40)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


def restyle(widget: QWidget) -> None:
    """Read the style sheet anew after a property it selects by has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
