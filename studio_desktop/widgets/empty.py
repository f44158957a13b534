"""What an empty list says: a line icon, one sentence, one action."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.text import label

ICON_SIZE = 40


class EmptyState(QWidget):
    """wanted: the action was pressed."""

    wanted = Signal()

    def __init__(
        self, theme: Theme, icon: str, sentence: str = "", action: str | None = None
    ) -> None:
        super().__init__()
        self._theme, self._icon = theme, icon
        self._picture = QLabel()
        self._sentence = label(sentence, "quiet", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMaximumWidth(400)
        self._sentence.setMinimumWidth(240)
        self._action = Button(action or "")
        self._action.setVisible(action is not None)
        self._action.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(2)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._sentence, 4)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme.changed.connect(self._redraw)
        self._redraw()

    def set_words(self, sentence: str, action: str | None = None, icon: str | None = None) -> None:
        self._sentence.setText(sentence)
        self._action.setVisible(action is not None)
        if action is not None:
            self._action.set_words(action)
        self._icon = icon or self._icon
        self._redraw()

    def sentence(self) -> str:
        return self._sentence.text()

    @Slot()
    def _redraw(self) -> None:
        self._picture.setPixmap(self._theme.pixmap(self._icon, "text_3", ICON_SIZE, self))
