"""The open month: a chip to choose it, its statement, and a strip when one can be closed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget

from studio_core.extrato.overview import MonthStatement
from studio_core.extrato.queries import OpenMonth
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.screen import Screen
from studio_desktop.statement.view import StatementView
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.menu_chip import MenuChip


class HistoryView(Screen):
    """shown: the screen came to the front."""

    shown = Signal()

    def __init__(self, theme: Theme, *, can_close: bool) -> None:
        """can_close: whether this person may close months; others are only told of them."""
        super().__init__(theme, "history")
        self._can_close = can_close
        self.set_title(self.tr("History"))
        self.months = MenuChip(theme, self.tr("Month"), ())
        self.add_filter(self.months)
        self.months.hide()
        self.statement = StatementView(theme)
        self.empty = EmptyState(theme, "history")
        self._blank = Card()
        self._blank.column.addWidget(self.empty)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.statement)
        self._pages.addWidget(self._blank)
        self._pages.hide()
        self.body.addWidget(self._pages)
        for key, slot in (("Alt+Left", self._on_earlier), ("Alt+Right", self._on_later)):
            QShortcut(QKeySequence(key), self).activated.connect(slot)

    def show_months(self, months: Sequence[OpenMonth]) -> None:
        """months: newest first."""
        if tuple(one.month for one in months) != self.months.options():
            self.months.set_options(
                [(one.month, formats.month(one.month.year, one.month.month)) for one in months]
            )
        self.months.show()
        self._show_ready([one.month for one in months if one.over])

    def show_month(self, shown: MonthStatement) -> None:
        statement = shown.statement
        self.statement.show_statement(shown)
        counts = statement.counts
        state = self.tr("over, not yet closed") if shown.over else self.tr("still running")
        name = formats.month(statement.month.year, statement.month.month)
        self.set_summary(formats.summary((name, state, self.tr("totals as of this moment"))))
        if counts["payments"] or counts["expenses"] or counts["commissions"]:
            self._pages.setCurrentWidget(self.statement)
        else:
            words = self.tr(
                "Nothing is booked in {month} yet. Its payments and expenses add up here."
            )
            self.empty.set_words(words.replace("{month}", name), self.tr("Go to Payments"))
            self._pages.setCurrentWidget(self._blank)
        self._pages.show()

    def is_empty(self) -> bool:
        return self._pages.currentWidget() is self._blank

    def focus_list(self) -> None:
        self.months.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def _show_ready(self, months: Sequence[Month]) -> None:
        if not months:
            self.strip.hide()
            return
        if len(months) == 1:
            words = self.tr("{month} is over and can be closed.")
            words = words.replace("{month}", formats.month(months[0].year, months[0].month))
        else:
            words = self.tr("{n} months are over and can be closed.")
            words = words.replace("{n}", str(len(months)))
        words = words[:1].upper() + words[1:]
        if self._can_close:
            self.strip.say(words, "accent", self.tr("Close it in Extratos"))
        else:
            who = self.tr("An owner can do it.")
            self.strip.say(f"{words} {who}", "accent")

    @Slot()
    def _on_earlier(self) -> None:
        self._step(1)

    @Slot()
    def _on_later(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        options = self.months.options()
        if self.months.value() in options:
            position = options.index(self.months.value()) + by
            if 0 <= position < len(options):
                self.months.choose(options[position])
