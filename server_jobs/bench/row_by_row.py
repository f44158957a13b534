"""The closing as the legacy program did it: every row an object, moved one at a time by the ORM."""

import hashlib
import json
import time
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, insert, inspect, select, text
from sqlalchemy.orm import Session

from studio_core.agenda.models import FINISHED, TattooSession
from studio_core.db.base import Base
from studio_core.db.engine import Database
from studio_core.db.time_outs import allow_long_work
from studio_core.extrato.models import (
    ArchivedCommission,
    ArchivedExpense,
    ArchivedPayment,
    ArchivedSession,
)
from studio_core.ledger.models import Commission, Expense, Payment
from studio_core.months import Month

_NO_EXTRATO = 0


@dataclass(frozen=True, slots=True)
class RowByRow:
    """seconds: for all payments and what belongs to them; extrapolated where only measured of
    them were really moved."""

    seconds: float
    measured: int
    payments: int

    @property
    def extrapolated(self) -> bool:
        return self.measured < self.payments


def close_row_by_row(admin: Database, month: Month, *, payments: int, at_most: int) -> RowByRow:
    """Moves a month, or its first at_most payments with their share of the rest, and rolls back.

    The time grows with the rows, so the share's time is multiplied up: rather too kind than too
    hard, since a real loop over all would also have kept every object in memory.
    """
    share = min(1.0, at_most / payments)
    started = time.perf_counter()
    with admin.transaction() as session:
        allow_long_work(session)
        session.execute(text("SET LOCAL ROLE studio_closing"))
        moved = 0
        for live, archived, rows in _work(month):
            total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
            found = session.scalars(rows.limit(max(1, round(total * share)))).all()
            moved = moved or len(found)
            for row in found:
                _move(session, row, live, archived)
        session.rollback()
    seconds = time.perf_counter() - started
    return RowByRow(seconds * payments / max(1, moved), moved, payments)


def _move(session: Session, row: Base, live: type[Base], archived: type[Base]) -> None:
    values = {
        column.key: getattr(row, column.key)
        for column in inspect(live).column_attrs
        if column.key in archived.__table__.columns
    }
    rendered = json.dumps([str(value) for value in values.values()])
    session.execute(
        insert(archived).values(
            **values,
            extrato_id=_NO_EXTRATO,
            row_hash=hashlib.sha256(rendered.encode()).digest(),
        )
    )
    if live is not TattooSession:
        key = live.__table__.c.id
        session.execute(delete(live).where(key == values["id"]))


def _work(month: Month) -> tuple[tuple[type[Base], type[Base], Select[Base]], ...]:
    first, after = month.first_day, month.first_day_after
    return (
        (
            Payment,
            ArchivedPayment,
            select(Payment).where(Payment.paid_on >= first, Payment.paid_on < after),
        ),
        (
            Commission,
            ArchivedCommission,
            select(Commission).where(Commission.accrued_on >= first, Commission.accrued_on < after),
        ),
        (
            Expense,
            ArchivedExpense,
            select(Expense).where(Expense.spent_on >= first, Expense.spent_on < after),
        ),
        (
            TattooSession,
            ArchivedSession,
            select(TattooSession).where(
                TattooSession.status.in_(FINISHED),
                TattooSession.starts_at >= func.studio.day_start(first),
                TattooSession.starts_at < func.studio.day_start(after),
            ),
        ),
    )
