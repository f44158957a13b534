"""What is special about typing an expense."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication

from studio_core.ledger.actions import correct_expense, record_expense
from studio_core.ledger.queries import ExpenseRow
from studio_core.ledger.rules import ExpenseDraft
from studio_desktop import formats
from studio_desktop.entries.typed import from_kept
from studio_desktop.entries.writing import EntryWriting
from studio_desktop.labels import category_label, method_label
from studio_desktop.screens.expenses.typed import TypedExpense, from_row, is_booked_as


class ExpenseWriting(EntryWriting):
    """The method is that of last time, the day today."""

    def empty(self, last_time: dict[str, Any]) -> TypedExpense:
        last = from_kept(TypedExpense, last_time)
        return TypedExpense(method=last.method, day=formats.day(self.today()))

    def from_kept(self, kept: dict[str, Any]) -> TypedExpense:
        return from_kept(TypedExpense, kept)

    def from_row(self, row: ExpenseRow) -> TypedExpense:
        return from_row(row)

    def remembered(self, row: ExpenseRow) -> dict[str, Any]:
        return {"method": row.method}

    def booking(self, draft: ExpenseDraft) -> Callable[..., Any]:
        return partial(record_expense, draft=draft)

    def correction(self, base: ExpenseRow, draft: ExpenseDraft) -> Callable[..., Any]:
        return partial(correct_expense, expense_id=base.id, version=base.version, draft=draft)

    def is_booked_as(self, draft: ExpenseDraft, row: ExpenseRow) -> bool:
        return is_booked_as(draft, row)

    def differences(self, before: ExpenseRow, now: ExpenseRow) -> str:
        return differences(before, now)

    def title(self, *, correcting: bool) -> str:
        return self.tr("Correct expense") if correcting else self.tr("New expense")


def differences(before: ExpenseRow, now: ExpenseRow) -> str:
    """What somebody else changed, in words; empty when nothing that one sees changed."""
    translate = QCoreApplication.translate
    parts = []
    if now.amount != before.amount:
        parts.append(translate("Differences", "amount") + f" {formats.money(now.amount)}")
    if now.description != before.description:
        parts.append(translate("Differences", "description") + f" “{now.description}”")
    if now.category != before.category:
        parts.append(translate("Differences", "category") + f" {category_label(now.category)}")
    if now.method != before.method:
        parts.append(translate("Differences", "method") + f" {method_label(now.method)}")
    if now.spent_on != before.spent_on:
        parts.append(translate("Differences", "date") + f" {formats.day(now.spent_on)}")
    if (now.notes or "") != (before.notes or ""):
        parts.append(translate("Differences", "notes") + f" “{now.notes or ''}”")
    return ", ".join(parts)
