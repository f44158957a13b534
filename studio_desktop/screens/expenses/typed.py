"""An expense as it stands in the form: what is typed, before it means anything."""

from dataclasses import dataclass

from studio_core.ledger.queries import ExpenseRow
from studio_core.ledger.rules import ExpenseDraft
from studio_desktop import formats


@dataclass(frozen=True)
class TypedExpense:
    """amount, day: as typed. category, method: what was chosen."""

    amount: str = ""
    description: str = ""
    category: str | None = None
    method: str | None = None
    day: str = ""
    notes: str = ""


def from_row(row: ExpenseRow) -> TypedExpense:
    return TypedExpense(
        amount=formats.figure(row.amount),
        description=row.description,
        category=row.category,
        method=row.method,
        day=formats.day(row.spent_on),
        notes=row.notes or "",
    )


def is_booked_as(draft: ExpenseDraft, row: ExpenseRow) -> bool:
    """False when the row is not what stands in the form now."""
    return (
        row.amount == draft.amount
        and row.spent_on == draft.spent_on
        and row.description == draft.description.strip()
        and row.category == draft.category
        and row.method == draft.method
        and (row.notes or "") == (draft.notes or "").strip()
    )
