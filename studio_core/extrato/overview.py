"""The months of the books: all in a list, or one with what stands around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.extrato.queries import (
    ExtratoSummary,
    Statement,
    list_extratos,
    open_months,
    preview,
    show_extrato,
    versions_of,
)
from studio_core.extrato.records import UsedBackup, backup_used
from studio_core.extrato.requests import RequestState, failed_request
from studio_core.ledger.queries import studio_today
from studio_core.months import Month


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of a month, in BRL, and how many payments count."""

    gross_revenue: Decimal
    commissions: Decimal
    expenses: Decimal
    net_revenue: Decimal
    payments: int


@dataclass(frozen=True, slots=True)
class BookMonth:
    """One month of the books.

    over: its last day has passed. version, closed_at: of the extrato in force, None for an open
    month. versions: every version there ever was, newest first. late: closed, and entries that are
    not in its extrato stand beside it. figures: None for an open month; see open_figures.
    """

    month: Month
    over: bool
    version: int | None
    versions: tuple[int, ...]
    late: bool
    closed_at: datetime | None
    figures: Figures | None

    @property
    def closed(self) -> bool:
        return self.version is not None


@dataclass(frozen=True, slots=True)
class MonthStatement:
    """One month's statement with what stands around it. current: in force, or the preview of an
    open month; False for a superseded version. previous: the month before, None when it has no
    entries. failed: of an open month, the request to close it that came to nothing."""

    statement: Statement
    over: bool
    current: bool
    versions: tuple[int, ...]
    previous: Figures | None
    backup: UsedBackup | None
    failed: RequestState | None = None


def book_months(session: Session) -> tuple[BookMonth, ...]:
    """Closed months, open months with entries and the running one, newest first."""
    versions: dict[Month, list[ExtratoSummary]] = {}
    for extrato in list_extratos(session, with_superseded=True):
        versions.setdefault(extrato.month, []).append(extrato)
    holding = {found.month: found.over for found in open_months(session)}
    return tuple(
        _book_month(month, versions.get(month, []), holding.get(month))
        for month in sorted({*versions, *holding}, reverse=True)
    )


def open_figures(session: Session, months: Iterable[Month]) -> dict[Month, Figures]:
    """What the open ones among some months add up to at this moment."""
    found = {}
    for month in months:
        statement = _preview(session, month)
        if statement is not None:
            found[month] = figures_of(statement)
    return found


def month_statement(session: Session, month: Month, version: int | None = None) -> MonthStatement:
    """A month as it stands: its extrato in force, else the preview; or the version that is named.

    Raises RuleError("no_such_version").
    """
    statement = _preview(session, month) if version is None else None
    if statement is None:
        statement = show_extrato(session, month, version)
    used = None
    if statement.version is not None:
        used = backup_used(session, month, statement.version)
    return MonthStatement(
        statement=statement,
        over=month.is_over(studio_today(session)),
        current=statement.superseded_at is None,
        versions=versions_of(session, month),
        previous=_previous(session, month),
        backup=used,
        failed=failed_request(session, month) if statement.version is None else None,
    )


def figures_of(statement: Statement) -> Figures:
    """The totals of a statement, which carries them as text."""
    totals = statement.totals
    return Figures(
        gross_revenue=Decimal(totals["gross_revenue"]),
        commissions=Decimal(totals["commissions"]),
        expenses=Decimal(totals["expenses"]),
        net_revenue=Decimal(totals["net_revenue"]),
        payments=statement.counts["payments"],
    )


def _book_month(month: Month, extratos: list[ExtratoSummary], over: bool | None) -> BookMonth:
    """over: None when no entry of the month is open."""
    current = next((one for one in extratos if one.superseded_at is None), None)
    figures = None
    if current is not None:
        figures = Figures(
            Decimal(current.gross_revenue),
            Decimal(current.commissions),
            Decimal(current.expenses),
            Decimal(current.net_revenue),
            current.payments,
        )
    return BookMonth(
        month=month,
        # A month that was closed once is over, even if reopened and empty.
        over=bool(over) or bool(extratos),
        version=current.version if current is not None else None,
        versions=tuple(one.version for one in extratos),
        late=current is not None and over is not None,
        closed_at=current.closed_at if current is not None else None,
        figures=figures,
    )


def _preview(session: Session, month: Month) -> Statement | None:
    """None for a closed month."""
    try:
        return preview(session, month)
    except RuleError as error:
        if error.code != "month_already_closed":
            raise
        return None


def _previous(session: Session, month: Month) -> Figures | None:
    if month == Month(2000, 1):
        return None
    before = month.previous()
    found = figures_of(_preview(session, before) or show_extrato(session, before))
    empty = found.payments == 0 and found.expenses == 0 and found.commissions == 0
    return None if empty else found
