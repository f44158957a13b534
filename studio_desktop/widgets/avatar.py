"""Somebody, as the initials of a name in a circle."""

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio_desktop import formats
from studio_desktop.theme.theme import Theme

SIZE = 44


class Avatar(QWidget):
    """Shows nothing until show_name()."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._initials = ""
        self.setFixedSize(SIZE, SIZE)
        theme.changed.connect(self._repaint)

    def show_name(self, name: str) -> None:
        self._initials = formats.initials(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent_weak"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(self._theme.colour("accent"))
        painter.setFont(self._theme.font("section", strong=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()

    @Slot()
    def _repaint(self) -> None:
        self.update()
