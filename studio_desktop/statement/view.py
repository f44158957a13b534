"""A month's statement: four figures, and below them the tables."""

from decimal import Decimal

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio_core.extrato.overview import Figures, MonthStatement, figures_of
from studio_desktop import formats
from studio_desktop.statement.figures import FigureRow
from studio_desktop.statement.lines import (
    artist_lines,
    category_lines,
    expense_method_lines,
    method_lines,
)
from studio_desktop.statement.margin_scroll import MarginScrollArea
from studio_desktop.statement.tables import LineCard
from studio_desktop.theme.theme import Theme

WIDE = 1080


class StatementView(MarginScrollArea):
    """artist_opened(StatementLine), method_opened(StatementLine), category_opened(StatementLine):
    a line was activated."""

    artist_opened = Signal(object)
    method_opened = Signal(object)
    category_opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.figures = FigureRow(theme)
        self.artists = LineCard(
            theme, self.tr("Artist"), (self.tr("Revenue"), self.tr("Commission"))
        )
        self.methods = LineCard(theme, self.tr("Payment method"), (self.tr("Total"),))
        self.categories = LineCard(theme, self.tr("Expenses by category"), (self.tr("Total"),))
        self.expense_methods = LineCard(theme, self.tr("Expenses by method"), (self.tr("Total"),))
        self.artists.line_opened.connect(self.artist_opened)
        self.methods.line_opened.connect(self.method_opened)
        self.categories.line_opened.connect(self.category_opened)
        self._lay_out()

    def show_statement(self, shown: MonthStatement) -> None:
        statement = shown.statement
        self.artists.set_lines(artist_lines(statement))
        self.methods.set_lines(method_lines(statement))
        self.categories.set_lines(category_lines(statement))
        self.expense_methods.set_lines(expense_method_lines(statement))
        counts, now, before = statement.counts, figures_of(statement), shown.previous
        # A month that still runs is not yet to be compared with a whole one.
        before = before if shown.over else None
        cards = self.figures
        cards.gross.set_amount(
            now.gross_revenue,
            formats.summary(
                (
                    self._counted(
                        counts["payments"], self.tr("1 payment"), self.tr("{n} payments")
                    ),
                    _change(now.gross_revenue, before.gross_revenue if before else None),
                )
            ),
        )
        cards.commissions.set_amount(
            now.commissions,
            formats.summary(
                (
                    self._entries(counts["commissions"]),
                    _change(now.commissions, before.commissions if before else None),
                )
            ),
        )
        cards.expenses.set_amount(
            now.expenses,
            formats.summary(
                (
                    self._entries(counts["expenses"]),
                    _change(now.expenses, before.expenses if before else None),
                )
            ),
        )
        cards.net.set_amount(now.net_revenue, self._net_note(shown, now))
        cards.agree()

    def _net_note(self, shown: MonthStatement, now: Figures) -> str:
        if shown.previous is None:
            return ""
        before = shown.statement.month.previous()
        name = QLocale().monthName(before.month)
        if shown.over:
            change = _change(now.net_revenue, shown.previous.net_revenue)
            words = self.tr("{change} on {month}").replace("{change}", change)
            return words.replace("{month}", name) if change else ""
        words = self.tr("{month}: {amount}").replace("{month}", name)
        return words.replace("{amount}", formats.money(shown.previous.net_revenue))

    def _entries(self, number: int) -> str:
        return self._counted(number, self.tr("1 entry"), self.tr("{n} entries"))

    def _counted(self, number: int, one: str, many: str) -> str:
        return one if number == 1 else many.replace("{n}", formats.count(number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(wide=self.width() >= WIDE)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("look", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.figures)
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        column.addLayout(self._grid, 1)
        self._is_wide: bool | None = None
        self._place(wide=False)
        self.setWidget(page)

    def _place(self, *, wide: bool) -> None:
        """Three columns where there is room for them, so that a month fits without scrolling."""
        if wide == self._is_wide:
            return
        self._is_wide = wide
        grid = self._grid
        for card in (self.artists, self.methods, self.categories, self.expense_methods):
            grid.removeWidget(card)
        if wide:
            grid.addWidget(self.artists, 0, 0, 2, 1)
            grid.addWidget(self.methods, 0, 1)
            grid.addWidget(self.expense_methods, 1, 1)
            grid.addWidget(self.categories, 0, 2, 2, 1)
        else:
            grid.addWidget(self.artists, 0, 0)
            grid.addWidget(self.methods, 0, 1)
            grid.addWidget(self.categories, 1, 0)
            grid.addWidget(self.expense_methods, 1, 1)
        for position, share in enumerate((7, 5, 5) if wide else (7, 5, 0)):
            grid.setColumnStretch(position, share)
        grid.setHorizontalSpacing(16)


def _change(now: Decimal, before: Decimal | None) -> str:
    """+8,4 % or −3 %; nothing where there is nothing to compare with."""
    if before is None or before <= 0:
        return ""
    share = ((now - before) * 100 / before).quantize(Decimal("0.1"))
    sign = "+" if share > 0 else formats.MINUS if share < 0 else "±"
    return f"{sign}{formats.percent(abs(share))}"
