"""The last looks as a row of bars: green, amber or red, with the day of each in its tip."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio_core.extrato.health_reports import Report
from studio_desktop import formats
from studio_desktop.screens.administration.health.words import TONES, level_badge, verdict_words
from studio_desktop.theme.theme import Theme

BAR, GAP, HEIGHT = 5, 3, 28
LOW = 0.55
"""How much of the height a good day takes: what was not well stands out by height too."""


class Timeline(QWidget):
    """Oldest left."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._reports: tuple[Report, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._repaint)

    def show_reports(self, reports: Sequence[Report]) -> None:
        """reports: newest first."""
        self._reports = tuple(reversed(reports))
        parts = []
        for level in ("ok", "warning", "bad"):
            number = sum(report.level == level for report in reports)
            if number:
                parts.append(f"{level_badge(level).text}: {number}")
        words = self.tr("The last {n} looks").replace("{n}", str(len(reports)))
        self.setAccessibleName(formats.summary((words, *parts)))
        self.setVisible(len(reports) > 1)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(1, len(self._reports) * (BAR + GAP) - GAP), HEIGHT)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().x() // (BAR + GAP)
            if 0 <= place < len(self._reports):
                QToolTip.showText(event.globalPos(), self._tip(self._reports[place]), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, report in enumerate(self._reports):
            high = HEIGHT * (1.0 if report.level == "bad" else LOW)
            painter.setBrush(self._theme.colour(TONES[report.level]))
            corner = QPointF(place * (BAR + GAP), HEIGHT - high)
            bar = QRectF(corner.x(), corner.y(), BAR, high)
            painter.drawRoundedRect(bar, 2, 2)
        painter.end()

    def _tip(self, report: Report) -> str:
        at = report.looked_at
        when = formats.day_and_time(at.astimezone(self._zone)) if at is not None else ""
        return formats.summary((when, verdict_words(report)))

    @Slot()
    def _repaint(self) -> None:
        self.update()
