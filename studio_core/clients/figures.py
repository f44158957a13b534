"""The columns that lists and details of clients share: visits, money, flags."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    column,
    func,
    null,
    select,
    table,
)
from sqlalchemy.orm import Session

from studio_core.agenda.models import VISITED, TattooSession
from studio_core.clients.models import Client, ClientFlag
from studio_core.clients.rows import ClientRow, Flag
from studio_core.ledger.models import Payment

_ALL_PAYMENTS = table(
    "all_payments",
    *(column(name) for name in ("id", "paid_on", "amount", "method", "notes")),
    *(column(name) for name in ("client_id", "artist_id", "session_id", "voided_at")),
)


def readable_payments(session: Session) -> Any:
    """Those of all months for a reader who may see the closed ones, else those of the open."""
    if session.scalars(select(func.has_table_privilege("all_payments", "SELECT"))).one():
        return _ALL_PAYMENTS
    return Payment.__table__


def client_rows(payments: Any) -> Select[*tuple[Any, ...]]:
    return select(
        Client.id,
        Client.name,
        Client.social_name,
        Client.phone,
        Client.version,
        *figures(payments),
    )


def figures(payments: Any) -> tuple[ColumnElement[Any], ...]:
    """Subqueries of the select list: the database runs them for the rows of one page only."""
    visits = and_(TattooSession.client_id == Client.id, TattooSession.status.in_(VISITED))
    last = select(func.max(TattooSession.starts_at)).where(visits).scalar_subquery()
    total: ColumnElement[Any] | ScalarSelect[Any] = null()
    if payments is _ALL_PAYMENTS:
        total = (
            select(func.coalesce(func.sum(payments.c.amount), 0))
            .where(payments.c.client_id == Client.id, payments.c.voided_at.is_(None))
            .scalar_subquery()
        )
    flags = (
        select(
            func.jsonb_agg(
                func.jsonb_build_array(
                    ClientFlag.id, ClientFlag.kind, ClientFlag.severity, ClientFlag.note
                )
            )
        )
        .where(ClientFlag.client_id == Client.id, ClientFlag.ended_at.is_(None))
        .scalar_subquery()
    )
    return (
        studio_day(last).label("last_visit"),
        select(func.count()).where(visits).scalar_subquery().label("sessions"),
        total.label("total"),
        flags.label("flags"),
    )


def studio_day(instant: Any) -> ColumnElement[Any]:
    """The calendar day at the studio; its zone is asked once a statement."""
    zone = select(func.studio.zone()).scalar_subquery()
    day: ColumnElement[Any] = func.date(func.timezone(zone, instant))
    return day


def client_row_of(row: Row[Any]) -> ClientRow:
    return ClientRow(
        id=row.id,
        name=row.name,
        social_name=row.social_name,
        phone=row.phone,
        last_visit=row.last_visit,
        sessions=row.sessions,
        total=row.total,
        flags=flags_of(row.flags),
        version=row.version,
    )


def flags_of(found: list[list[Any]] | None) -> tuple[Flag, ...]:
    """The most serious first."""
    weight = {"danger": 0, "warning": 1, "info": 2}
    flags = [Flag(*one) for one in found or ()]
    return tuple(sorted(flags, key=lambda flag: (weight[flag.severity], flag.id)))
