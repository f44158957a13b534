"""A page that is one card of 400 px in the middle: signing in, choosing a password."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.text import label

WIDTH = 400


class CardPage(QWidget):
    """Logo, title and a quiet line; what follows is added to .column.

    error_row: one sentence in danger, put where it belongs by whoever lays out.
    """

    def __init__(self, theme: Theme, title: str, words: str) -> None:
        super().__init__()
        self._theme = theme
        self._logo = QLabel()
        self._error_icon = QLabel()
        self._error = label("", "error", wrap=True)
        self.error_row = QWidget()
        self._lay_out_error()
        card = Card(padding=32, spacing=16)
        card.setFixedWidth(WIDTH)
        self.column = card.column
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._logo)
        head.addSpacing(8)
        head.addWidget(label(title, "title"))
        head.addWidget(label(words, "quiet", wrap=True))
        self.column.addLayout(head)
        self.column.addSpacing(4)
        self.setAccessibleName(title)
        self._below = QVBoxLayout()
        page = QVBoxLayout(self)
        page.addStretch(2)
        # Stretches rather than an alignment: words that wrap would be cut by the latter.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        page.addLayout(middle)
        page.addSpacing(8)
        page.addLayout(self._below)
        page.addStretch(3)
        theme.changed.connect(self._redraw)
        self._redraw()

    def add_below(self, widget: QWidget) -> None:
        """Under the card, in the middle."""
        self._below.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def say_error(self, sentence: str) -> None:
        """An empty one takes it away."""
        self._error.setText(sentence)
        self.error_row.setVisible(bool(sentence))

    def error(self) -> str:
        return self._error.text()

    def _lay_out_error(self) -> None:
        row = QHBoxLayout(self.error_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._error_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._error, 1)
        self.error_row.hide()

    @Slot()
    def _redraw(self) -> None:
        self._logo.setPixmap(self._theme.pixmap("needle", "accent", 32, self))
        self._error_icon.setPixmap(self._theme.pixmap("error", "danger", 16, self))
