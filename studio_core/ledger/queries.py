"""Reading the open ledger: pages of payments and expenses, their sums, the state of a month."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session

from studio_core.clients.models import Client
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page
from studio_core.ledger.models import AccountingMonth, Expense, Payment
from studio_core.months import Month
from studio_core.people.models import User

PaymentOrder = Literal["date", "amount", "client", "artist"]
ExpenseOrder = Literal["date", "amount", "category"]


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments. search: part of a client's or artist's name, accents and capitals aside, or
    of the notes. month None: all open months."""

    month: Month | None = None
    search: str = ""
    method: str | None = None
    artist_id: int | None = None
    client_id: int | None = None
    with_voided: bool = True


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment of an open month as a list shows it. Money in BRL."""

    id: int
    paid_on: date
    amount: Decimal
    tip_amount: Decimal
    method: str
    kind: str
    client_id: int | None
    client_name: str | None
    artist_id: int
    artist_name: str
    artist_colour: int
    session_id: int | None
    commission_percent: Decimal | None
    corrects_payment_id: int | None
    notes: str | None
    imported: bool
    voided_at: datetime | None
    void_reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class ExpenseFilter:
    """Which expenses. search: part of the description or the notes."""

    month: Month | None = None
    search: str = ""
    method: str | None = None
    category: str | None = None
    with_voided: bool = True


@dataclass(frozen=True, slots=True)
class ExpenseRow:
    """One expense of an open month as a list shows it. Money in BRL."""

    id: int
    spent_on: date
    amount: Decimal
    description: str
    category: str
    method: str
    corrects_expense_id: int | None
    notes: str | None
    imported: bool
    voided_at: datetime | None
    void_reason: str | None
    version: int


_PAYMENT_FIELDS = tuple(field.name for field in fields(PaymentRow))
_EXPENSE_FIELDS = tuple(field.name for field in fields(ExpenseRow))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a filter finds in all, voided rows aside. Money in BRL."""

    count: int
    total: Decimal
    tips: Decimal


def page_of_payments(
    session: Session,
    *,
    filter: PaymentFilter,
    order: PaymentOrder = "date",
    descending: bool = True,
    after: Cursor | None = None,
    limit: int = 100,
) -> Page[PaymentRow]:
    """One page of payments, voided ones among them and marked."""
    expressions: dict[str, SQLColumnExpression[Any]] = {
        "date": Payment.paid_on,
        "amount": Payment.amount,
        # Payments without a client come together, after "zzz" and before nothing.
        "client": func.coalesce(Client.name_key, "\U0010ffff").collate("C"),
        "artist": func.studio.fold(User.name).collate("C"),
    }
    return fetch_page(
        session,
        _payments(filter),
        KeyOrder(expressions[order], Payment.id, descending=descending),
        after=after,
        limit=limit,
        row=_payment_row,
    )


def payment_row(session: Session, payment_id: int) -> PaymentRow | None:
    """One payment of an open month; None when it is archived or was never there."""
    found = session.execute(
        _payments(PaymentFilter()).where(Payment.id == payment_id)
    ).one_or_none()
    return None if found is None else _payment_row(found)


def payments_summary(session: Session, *, filter: PaymentFilter) -> Summary:
    """Count and sums of all payments that a filter finds."""
    found = _payments(filter).where(Payment.voided_at.is_(None)).subquery()
    count, total, tips = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(found.c.amount), Decimal("0.00")),
            func.coalesce(func.sum(found.c.tip_amount), Decimal("0.00")),
        )
    ).one()
    return Summary(count, total, tips)


def page_of_expenses(
    session: Session,
    *,
    filter: ExpenseFilter,
    order: ExpenseOrder = "date",
    descending: bool = True,
    after: Cursor | None = None,
    limit: int = 100,
) -> Page[ExpenseRow]:
    """One page of expenses, voided ones among them and marked."""
    expressions: dict[str, SQLColumnExpression[Any]] = {
        "date": Expense.spent_on,
        "amount": Expense.amount,
        "category": Expense.category.collate("C"),
    }
    return fetch_page(
        session,
        _expenses(filter),
        KeyOrder(expressions[order], Expense.id, descending=descending),
        after=after,
        limit=limit,
        row=_expense_row,
    )


def expense_row(session: Session, expense_id: int) -> ExpenseRow | None:
    """One expense of an open month; None when it is archived or was never there."""
    found = session.execute(
        _expenses(ExpenseFilter()).where(Expense.id == expense_id)
    ).one_or_none()
    return None if found is None else _expense_row(found)


def expenses_summary(session: Session, *, filter: ExpenseFilter) -> Summary:
    """Count and sum of all expenses that a filter finds; tips are always zero."""
    found = _expenses(filter).where(Expense.voided_at.is_(None)).subquery()
    count, total = session.execute(
        select(func.count(), func.coalesce(func.sum(found.c.amount), Decimal("0.00")))
    ).one()
    return Summary(count, total, Decimal("0.00"))


def month_state(session: Session, month: Month) -> str:
    """ "open" or "closed"."""
    state = session.scalar(
        select(AccountingMonth.state).where(AccountingMonth.month_start == month.first_day)
    )
    return state or "open"


def studio_today(session: Session) -> date:
    """The calendar day at the studio, by the database's clock and the studio's zone."""
    day: date = session.scalars(select(func.studio.today())).one()
    return day


def _payments(filter: PaymentFilter) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            Payment.id,
            Payment.paid_on,
            Payment.amount,
            Payment.tip_amount,
            Payment.method,
            Payment.kind,
            Payment.client_id,
            func.coalesce(Client.social_name, Client.name).label("client_name"),
            Payment.artist_id,
            User.name.label("artist_name"),
            User.colour.label("artist_colour"),
            Payment.session_id,
            Payment.commission_percent,
            Payment.corrects_payment_id,
            Payment.notes,
            Payment.imported,
            Payment.voided_at,
            Payment.void_reason,
            Payment.version,
        )
        .join(User, User.id == Payment.artist_id)
        .outerjoin(Client, Client.id == Payment.client_id)
    )
    if filter.month is not None:
        statement = statement.where(
            Payment.paid_on >= filter.month.first_day, Payment.paid_on <= filter.month.last_day
        )
    if filter.method is not None:
        statement = statement.where(Payment.method == filter.method)
    if filter.artist_id is not None:
        statement = statement.where(Payment.artist_id == filter.artist_id)
    if filter.client_id is not None:
        statement = statement.where(Payment.client_id == filter.client_id)
    if not filter.with_voided:
        statement = statement.where(Payment.voided_at.is_(None))
    for word in filter.search.split():
        statement = statement.where(
            or_(
                _has(Client.search_key, word),
                _has(func.studio.fold(User.name), word),
                _has(func.studio.fold(func.coalesce(Payment.notes, "")), word),
            )
        )
    return statement


def _expenses(filter: ExpenseFilter) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = select(
        Expense.id,
        Expense.spent_on,
        Expense.amount,
        Expense.description,
        Expense.category,
        Expense.method,
        Expense.corrects_expense_id,
        Expense.notes,
        Expense.imported,
        Expense.voided_at,
        Expense.void_reason,
        Expense.version,
    )
    if filter.month is not None:
        statement = statement.where(
            Expense.spent_on >= filter.month.first_day, Expense.spent_on <= filter.month.last_day
        )
    if filter.method is not None:
        statement = statement.where(Expense.method == filter.method)
    if filter.category is not None:
        statement = statement.where(Expense.category == filter.category)
    if not filter.with_voided:
        statement = statement.where(Expense.voided_at.is_(None))
    for word in filter.search.split():
        statement = statement.where(
            or_(
                _has(func.studio.fold(Expense.description), word),
                _has(func.studio.fold(func.coalesce(Expense.notes, "")), word),
            )
        )
    return statement


def _has(key: Any, word: str) -> ColumnElement[bool]:
    """True where a folded text contains a word; %, _ and \\ stand for themselves."""
    escaped = func.replace(func.studio.fold(word), "\\", "\\\\")
    escaped = func.replace(func.replace(escaped, "%", "\\%"), "_", "\\_")
    return case((key.is_(None), False), else_=key.like(func.concat("%", escaped, "%")))


def _payment_row(row: Row[Any]) -> PaymentRow:
    return PaymentRow(**{name: row._mapping[name] for name in _PAYMENT_FIELDS})


def _expense_row(row: Row[Any]) -> ExpenseRow:
    return ExpenseRow(**{name: row._mapping[name] for name in _EXPENSE_FIELDS})
