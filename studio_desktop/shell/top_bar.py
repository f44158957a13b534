"""The top bar: one box to search with, and how the connection is."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from studio_desktop.tasks.changes import ConnectionState
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.text import label

_TOKENS = {
    ConnectionState.CONNECTED: "success",
    ConnectionState.RECONNECTING: "warning",
    ConnectionState.LOST: "danger",
}


class _Dot(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._token = "text_3"
        self.setFixedSize(QSize(8, 8))

    def set_token(self, token: str) -> None:
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(self._token))
        painter.drawEllipse(QRectF(self.rect()))
        painter.end()


class ConnectionLight(QWidget):
    """A dot with words: colour alone says nothing to many people."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._dot = _Dot(theme)
        self._words = label("", "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._words)

    def show_state(self, state: ConnectionState) -> None:
        words = {
            ConnectionState.CONNECTED: self.tr("Connected"),
            ConnectionState.RECONNECTING: self.tr("Connecting…"),
            ConnectionState.LOST: self.tr("No connection"),
        }[state]
        self.show_words(words, _TOKENS[state])

    def show_words(self, words: str, token: str) -> None:
        self._words.setText(words)
        self._dot.set_token(token)
        self.setAccessibleName(words)

    def words(self) -> str:
        return self._words.text()


class SearchBox(QLineEdit):
    """Esc empties it and then gives the focus back. left: Esc or Enter, on to the list."""

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "search")
        self.setFixedWidth(420)
        self.setAccessibleName(self.tr("Search"))
        self._icon = QAction(self)
        self.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        theme.changed.connect(self._redraw)
        self._redraw()

    def event(self, event: QEvent) -> bool:
        # Esc is for this box before it is for the window.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self.textEdited.emit("")
            else:
                self.left.emit()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)

    @Slot()
    def _redraw(self) -> None:
        self._icon.setIcon(self._theme.icon("search", "text_2", 16))


class TopBar(QFrame):
    """searched(str): what is typed, at every key."""

    searched = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "topbar")
        self.setFixedHeight(theme.tokens.top_bar_height)
        self.search = SearchBox(theme)
        self.search.textEdited.connect(self.searched)
        self._key = BadgeLabel(theme, "Ctrl+K")
        self.light = ConnectionLight(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        row.addWidget(self.search)
        row.addWidget(self._key)
        row.addStretch(1)
        row.addWidget(self.light)

    def set_hint(self, hint: str) -> None:
        """What the box finds on this screen; empty hides it."""
        self.search.setPlaceholderText(hint)
        self.search.setVisible(bool(hint))
        self._key.setVisible(bool(hint))
