"""What the list of expenses shows, and what is done with the one chosen."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from studio_core.ledger.actions import void_expense
from studio_core.ledger.queries import (
    ExpenseFilter,
    ExpenseRow,
    Summary,
    expenses_summary,
    page_of_expenses,
)
from studio_desktop import formats
from studio_desktop.entries.controller import EntriesController
from studio_desktop.screens.expenses.view import ExpensesView
from studio_desktop.screens.expenses.writing import ExpenseWriting
from studio_desktop.screens.screen import ScreenContext, TourStop


class ExpensesController(EntriesController):
    """Lives and dies with its view."""

    tables = frozenset({"expenses", "accounting_months"})

    def __init__(
        self, view: ExpensesView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view, ExpenseWriting(view, view.form, context, today), context)
        self._view = view
        view.detail.correct_wanted.connect(self._on_correct)
        view.detail.void_wanted.connect(self._on_void)
        view.set_tour_stops((TourStop("form", self._show_errors, self.writing.leave),))

    # What is asked

    def page(self) -> Callable[..., Any]:
        order: Any = self.view.table.order
        return partial(
            page_of_expenses,
            filter=self._filter(),
            order=order,
            descending=self.view.table.descending,
        )

    def sums(self) -> Callable[..., Any]:
        return partial(expenses_summary, filter=self._filter())

    def _filter(self) -> ExpenseFilter:
        view = self._view
        return ExpenseFilter(
            month=view.months.month(),
            search=self.search,
            method=view.methods.value(),
            category=view.categories.value(),
        )

    # How it is said

    def summary_words(self, summary: Summary) -> str:
        counted = self.tr("1 expense") if summary.count == 1 else self.tr("{count} expenses")
        return formats.summary(
            (
                counted.replace("{count}", formats.count(summary.count)),
                formats.money(summary.total),
            )
        )

    def nothing_words(self, month: str | None, *, closed: bool, narrowed: bool) -> str:
        if closed:
            words = self.tr("{month} is closed. Its expenses stand in its extrato.")
        elif narrowed:
            words = self.tr("No expense fits what you are looking for.")
        elif month is None:
            words = self.tr("There are no expenses yet.")
        else:
            words = self.tr("No expenses in {month}.")
        said = words.replace("{month}", month or "")
        return said[:1].upper() + said[1:]

    def spoken(self, row: ExpenseRow) -> str:
        return formats.summary((formats.money(row.amount), row.description))

    # One expense

    def show_entry(self, row: ExpenseRow) -> None:
        self._view.detail.show_row(row)
        title = self.tr("Expense {number}").replace("{number}", str(row.id))
        self._view.show_detail(title, with_actions=self._view.detail.has_actions())

    def entry_shown(self) -> ExpenseRow | None:
        return self._view.detail.row()

    def _show_errors(self) -> None:
        """As for a picture: somebody saved too early."""
        self.writing.open_new()
        self._view.form.show_all()

    def voiding(self, row: ExpenseRow, reason: str) -> Callable[..., Any]:
        return partial(void_expense, expense_id=row.id, version=row.version, reason=reason)

    @Slot()
    def _on_correct(self) -> None:
        row = self.entry_shown()
        if row is not None:
            self.writing.open_correction(row)

    @Slot()
    def _on_void(self) -> None:
        row = self.entry_shown()
        if row is not None:
            words = self.tr("{expense} stays in the list, struck, and counts nothing.")
            self.ask_reason(
                row,
                self.tr("Void this expense?"),
                words.replace("{expense}", self.spoken(row)),
                self.tr("Void the expense"),
            )
