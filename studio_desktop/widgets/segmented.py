"""One of a few, all in sight: a digit, the arrows or a click chooses."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.theme.theme import Theme

GAP = 8
HINT_WIDTH = 14


class Segmented(QWidget):
    """chosen(value): by a person or by choose(). One stop for Tab.

    Digits choose while it has the focus; the cells show them then.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, options: Sequence[tuple[Any, str]], columns: int = 3) -> None:
        super().__init__()
        self._theme, self._columns = theme, columns
        self._options = list(options)
        self._place = -1
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._repaint)

    def value(self) -> Any:
        return self._options[self._place][0] if self._place >= 0 else None

    def choose(self, value: Any) -> None:
        """None, or a value not offered, chooses nothing."""
        places = [place for place, option in enumerate(self._options) if option[0] == value]
        self._choose_place(places[0] if places else -1)

    def choose_number(self, number: int) -> None:
        """The first is 1; a number too high does nothing."""
        if 1 <= number <= len(self._options):
            self._choose_place(number - 1)

    def sizeHint(self) -> QSize:
        rows = -(-len(self._options) // self._columns)
        height = self._theme.tokens.control_height
        return QSize(96 * self._columns, rows * height + (rows - 1) * GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(64 * self._columns, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            place = self._place + step if self._place >= 0 else 0
            if 0 <= place < len(self._options):
                self._choose_place(place)
        elif event.text().isdecimal():
            self.choose_number(int(event.text()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event)
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._choose_place(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(self._place_at(event))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._set_hovered(-1)
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (_, words) in enumerate(self._options):
            self._paint_cell(painter, self._box(place), place, words)
        painter.end()

    def _paint_cell(self, painter: QPainter, box: QRect, place: int, words: str) -> None:
        theme, chosen = self._theme, place == self._place
        enabled = self.isEnabled()
        wrong = bool(self.property("wrong"))
        edge = "accent" if chosen else "danger" if wrong else "border"
        ground = "accent_weak" if chosen else "surface_2" if place == self._hovered else "surface"
        ink = "text_3" if not enabled else "accent" if chosen else "text"
        radius = theme.tokens.radius["control"]
        painter.setPen(QPen(theme.colour(edge if enabled else "border"), 1))
        painter.setBrush(theme.colour(ground if enabled else "surface_2"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setFont(theme.font("body", strong=chosen))
        painter.setPen(theme.colour(ink))
        room = box.adjusted(8, 0, -8, 0)
        if self.hasFocus():
            painter.save()
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("accent" if chosen else "text_3"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, str(place + 1))
            painter.restore()
            room.adjust(HINT_WIDTH, 0, 0, 0)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)

    def _box(self, place: int) -> QRect:
        height = self._theme.tokens.control_height
        row, column = divmod(place, self._columns)
        # Whole pixels: every cell starts where its column of the widget starts.
        left = column * (self.width() + GAP) // self._columns
        right = (column + 1) * (self.width() + GAP) // self._columns - GAP
        return QRect(left, row * (height + GAP), right - left, height)

    def _place_at(self, event: QMouseEvent) -> int:
        point = event.position().toPoint()
        for place in range(len(self._options)):
            if self._box(place).contains(point):
                return place
        return -1

    def _choose_place(self, place: int) -> None:
        if place == self._place:
            return
        self._place = place
        words = self._options[place][1] if place >= 0 else ""
        self.setAccessibleDescription(words)
        self.update()
        self.chosen.emit(self.value())

    def _set_hovered(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.update()

    @Slot()
    def _repaint(self) -> None:
        self.update()
