"""What a client did here, as lines: the day, what and with whom, what was paid."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_core.clients.queries import HistoryLine
from studio_desktop import formats
from studio_desktop.screens.clients.words import status_label, type_label
from studio_desktop.theme.theme import Theme

LINE = 28
DAY_WIDTH = 84
GAP = 12

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FADED = frozenset({"cancelled", "no_show"})


class HistoryLines(QWidget):
    """Painted: fifty lines of labels would take longer to lay out than to read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: tuple[HistoryLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("History"))
        theme.changed.connect(self._repaint)

    def show_lines(self, lines: Sequence[HistoryLine]) -> None:
        self._lines = tuple(lines)
        self.setAccessibleDescription("; ".join(self.texts()))
        self.updateGeometry()
        self.update()

    def texts(self) -> tuple[str, ...]:
        """Each line as words, the newest first."""
        return tuple(
            formats.summary((formats.day(line.day), self._what(line), self._outcome(line)))
            for line in self._lines
        )

    def sizeHint(self) -> QSize:
        return QSize(240, LINE * len(self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        first, last = event.rect().top() // LINE, event.rect().bottom() // LINE
        for place in range(first, min(last + 1, len(self._lines))):
            box = QRect(0, place * LINE, self.width(), LINE)
            self._paint_line(painter, box, self._lines[place])
        painter.end()

    def _paint_line(self, painter: QPainter, box: QRect, line: HistoryLine) -> None:
        theme = self._theme
        faded = line.status in _FADED
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text_3" if faded else "text_2"))
        painter.drawText(box, _LEFT, formats.day(line.day))
        painter.setFont(theme.font("caption", strong=line.amount is not None))
        painter.setPen(theme.colour("text_2" if line.amount is None else "text"))
        outcome = self._outcome(line)
        painter.drawText(box, _RIGHT, outcome)
        taken = painter.fontMetrics().horizontalAdvance(outcome)
        what = box.adjusted(DAY_WIDTH, 0, -taken - GAP, 0)
        font = theme.font("body")
        font.setStrikeOut(faded)
        painter.setFont(font)
        painter.setPen(theme.colour("text_3" if faded else "text"))
        words = painter.fontMetrics().elidedText(
            self._what(line), Qt.TextElideMode.ElideRight, what.width()
        )
        painter.drawText(what, _LEFT, words)

    def _what(self, line: HistoryLine) -> str:
        named = self.tr("Session") if line.kind == "session" else self.tr("Payment")
        what = formats.summary((type_label(line.type, line.what), line.what or "")) or named
        return formats.summary((" ".join(what.split()), line.artist_name))

    def _outcome(self, line: HistoryLine) -> str:
        """What was paid; where nothing was, how it stands."""
        if line.amount is not None:
            return formats.money(line.amount)
        return status_label(line.kind, line.status)

    @Slot()
    def _repaint(self) -> None:
        self.update()
