"""The four figures of a month as cards in a row: the figure large, its currency quiet."""

from decimal import Decimal

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio_desktop import formats
from studio_desktop.theme.fonts import TextStyle
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.text import ElidedLabel, label

_SIZES: tuple[tuple[TextStyle, TextStyle], ...] = (
    ("figure", "section"),
    ("title", "caption"),
    ("section", "caption"),
)
"""Of the figure and of its currency; the first pair in which all of a row fit is used."""

_GAP = 5
_PADDING, _BETWEEN = 16, 16


class MoneyFigure(QWidget):
    """One amount, as large as there is room for; negative in the danger colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._amount: Decimal | None = None
        self._level = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._repaint)

    def set_amount(self, amount: Decimal | None) -> None:
        """None: not known yet."""
        self._amount = amount
        self.update()

    def text(self) -> str:
        return "–" if self._amount is None else formats.money(self._amount)

    def sizeHint(self) -> QSize:
        height = QFontMetricsF(self._theme.font("figure")).height()
        return QSize(160, round(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(96, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        amount = self._amount
        currency, figure = self._words()
        style, quiet = _SIZES[self._level]
        large, small = self._theme.font(style), self._theme.font(quiet)
        small.setWeight(small.Weight.Normal)
        negative = amount is not None and amount < 0
        token = "danger" if negative else "text" if amount else "text_3"
        baseline = QFontMetricsF(self._theme.font("figure")).ascent()
        left = 0.0
        if currency:
            painter.setFont(small)
            painter.setPen(self._theme.colour("danger" if negative else "text_3"))
            painter.drawText(QPointF(left, baseline), currency)
            left += QFontMetricsF(small).horizontalAdvance(currency) + _GAP
        painter.setFont(large)
        painter.setPen(self._theme.colour(token))
        painter.drawText(QPointF(left, baseline), figure)
        painter.end()

    def level(self, room: int) -> int:
        """Which of the sizes fits into so many pixels."""
        currency, figure = self._words()
        for level, (style, quiet) in enumerate(_SIZES):
            width = QFontMetricsF(self._theme.font(style)).horizontalAdvance(figure)
            width += QFontMetricsF(self._theme.font(quiet)).horizontalAdvance(currency) + _GAP
            if width <= room:
                return level
        return len(_SIZES) - 1

    def set_level(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self.update()

    def _words(self) -> tuple[str, str]:
        """Currency with its sign, and figure."""
        amount = self._amount
        if amount is None:
            return "", "–"
        sign = formats.MINUS if amount < 0 else ""
        return f"{sign}{formats.CURRENCY}", formats.figure(abs(amount))

    @Slot()
    def _repaint(self) -> None:
        self.update()


class MoneyCard(Card):
    """What it is, the amount, and a line below."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(padding=_PADDING, spacing=2)
        self.column.setContentsMargins(_PADDING, 12, _PADDING, 12)
        self._title = label(title, "caption")
        self.figure = MoneyFigure(theme)
        self._note = ElidedLabel("", "caption")
        for part in (self._title, self.figure, self._note):
            self.column.addWidget(part)
        self._title.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def set_amount(self, amount: Decimal | None, note: str = "") -> None:
        self.figure.set_amount(amount)
        self._note.set_whole(note)
        words = (self._title.text(), self.figure.text(), note)
        self.setAccessibleName(", ".join(word for word in words if word))

    def text(self) -> str:
        return self.figure.text()

    def note(self) -> str:
        return self._note.whole()


class FigureRow(QWidget):
    """Gross revenue, commissions, expenses, net revenue; equally wide."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.gross = MoneyCard(theme, self.tr("Gross revenue"))
        self.commissions = MoneyCard(theme, self.tr("Commissions"))
        self.expenses = MoneyCard(theme, self.tr("Expenses"))
        self.net = MoneyCard(theme, self.tr("Net revenue"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_BETWEEN)
        self._cards = (self.gross, self.commissions, self.expenses, self.net)
        for card in self._cards:
            row.addWidget(card, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.agree()

    def agree(self) -> None:
        """One size for all four, since they are read together. Call it after set_amount()."""
        room = (self.width() - 3 * _BETWEEN) // 4 - 2 * _PADDING - 2
        level = max(card.figure.level(room) for card in self._cards)
        for card in self._cards:
            card.figure.set_level(level)
