"""The proof of an import: each month's imported rows and sums beside those of the legacy system."""

from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from studio_core.db.base import Base
from studio_core.extrato.models import ArchivedCommission, ArchivedExpense, ArchivedPayment
from studio_core.ledger.models import Commission, Expense, Payment
from studio_core.legacy.models import LegacyRow
from studio_core.legacy.report import NOTHING, MonthSums, Notebook

_BOOKED: tuple[tuple[str, str, type[Base], type[Base], str], ...] = (
    ("payments", "pagamentos", Payment, ArchivedPayment, "paid_on"),
    ("commissions", "comissoes", Commission, ArchivedCommission, "accrued_on"),
    ("expenses", "gastos", Expense, ArchivedExpense, "spent_on"),
)


def sums_of_months(session: Session, notes: Notebook) -> tuple[MonthSums, ...]:
    """By month, then payments, commissions, expenses; imported ones as the database adds them up,
    live and archived, voided since or not."""
    imported: dict[tuple[str, str], tuple[int, Any]] = {}
    for kind, table, live, archived, day in _BOOKED:
        for month, rows, amount in session.execute(_imported(table, live, archived, day)):
            imported[month, kind] = (rows, amount)
    kinds = [kind for kind, *_ in _BOOKED]
    wanted = sorted(
        set(imported) | set(notes.legacy_rows), key=lambda at: (at[0], kinds.index(at[1]))
    )
    return tuple(
        MonthSums(
            month,
            kind,
            notes.legacy_rows[month, kind],
            notes.legacy_sums[month, kind],
            *imported.get((month, kind), (0, NOTHING)),
        )
        for month, kind in wanted
    )


def _imported(table: str, live: type[Base], archived: type[Base], day: str) -> Any:
    came_from_there = (
        select(LegacyRow.row_id)
        .where(LegacyRow.table_name.in_((table, f"extratos.{table}")))
        .distinct()
        .subquery()
    )
    booked = union_all(
        *(
            select(m.__table__.c.id, m.__table__.c.amount, m.__table__.c[day].label("on"))
            for m in (live, archived)
        )
    ).subquery()
    month = func.to_char(booked.c.on, "YYYY-MM")
    return (
        select(month, func.count(), func.sum(booked.c.amount))
        .join(came_from_there, came_from_there.c.row_id == booked.c.id)
        .group_by(month)
    )
