"""The focus ring: 2 px of accent outside of a control that was reached by keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from studio_desktop.tasks.lifetime import exists
from studio_desktop.theme.theme import Theme

WIDTH = 2
GAP = 2
_MOVES = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
}


class _Ring(QWidget):
    def __init__(self, theme: Theme, radius: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._radius = theme, radius
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("focus"), WIDTH))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), self._radius, self._radius)
        painter.end()


class FocusRing(QObject):
    """One ring for the whole program; it follows the focus and what moves it about."""

    def __init__(self, app: QApplication, theme: Theme) -> None:
        super().__init__(app)
        self._theme = theme
        self._by_keyboard = False
        self._ring: _Ring | None = None
        self._host: QWidget | None = None
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._drop()
        if new is None:
            return
        self._listen_to(new.window().windowHandle())
        if not self._by_keyboard:
            return
        if not new.focusPolicy() & Qt.FocusPolicy.TabFocus or new.isWindow():
            return
        if new.window().windowType() == Qt.WindowType.Popup:
            return
        holder = new.parentWidget()
        self._take(holder if isinstance(holder, QComboBox) else new)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(watched, QWindow):
            if kind == QEvent.Type.KeyPress:
                self._by_keyboard = True
            elif kind == QEvent.Type.MouseButtonPress:
                self._by_keyboard = False
        elif kind in _MOVES:
            self._place()
        return False

    def _listen_to(self, window: QWindow | None) -> None:
        """Input reaches a window before its widgets; one filter a window tells what was used."""
        if window is not None and exists(window) and not window.property("watched_by_ring"):
            window.setProperty("watched_by_ring", True)
            window.installEventFilter(self)

    def _take(self, target: QWidget) -> None:
        host = _host_of(target)
        radius = self._theme.tokens.radius["control"]
        if not _is_field(target):
            radius += GAP
        self._target, self._host = target, host
        self._ring = _Ring(self._theme, radius, host)
        target.destroyed.connect(self._drop)
        widget: QWidget | None = target
        while widget is not None and widget is not host:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()
        self._place()

    def _place(self) -> None:
        if self._ring is None or self._target is None or self._host is None:
            return
        host = self._host
        gap = WIDTH - 1 if _is_field(self._target) else WIDTH + GAP - 1
        if isinstance(self._target, QAbstractItemView):
            gap = 0
        corner = self._target.mapTo(host, QPoint(0, 0))
        box = QRect(corner, self._target.size()).adjusted(-gap, -gap, gap, gap)
        self._ring.setGeometry(box.intersected(host.rect()))
        self._ring.setVisible(self._target.isVisible())
        self._ring.raise_()

    @Slot()
    def _drop(self) -> None:
        for widget in self._watched:
            if exists(widget):
                widget.removeEventFilter(self)
        if self._target is not None and exists(self._target):
            self._target.destroyed.disconnect(self._drop)
        if self._ring is not None and exists(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._watched.clear()
        self._ring = self._host = self._target = None


def _is_field(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit | QPlainTextEdit | QComboBox)


def _host_of(widget: QWidget) -> QWidget:
    """The widget the ring is drawn on: what scrolls with the control, else its window."""
    ancestor = widget.parentWidget()
    while ancestor is not None and not ancestor.isWindow():
        holder = ancestor.parentWidget()
        if isinstance(holder, QAbstractScrollArea) and holder.viewport() is ancestor:
            return ancestor
        ancestor = holder
    return ancestor or widget
