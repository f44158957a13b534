"""Reading extratos: the list, one month's statement, and the preview of an open month."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.extrato.models import ArchivedName, Extrato
from studio_core.ledger.models import AccountingMonth, Commission, Expense, Payment
from studio_core.ledger.queries import studio_today
from studio_core.months import Month
from studio_core.people.models import User

_COUNTED = ("payments", "sessions", "commissions", "expenses")


@dataclass(frozen=True, slots=True)
class Statement:
    """One month's statement. counts: rows that count, voided ones aside. totals: money in BRL as
    text with two decimals, lists sorted by their key. version, digest: None for a preview."""

    month: Month
    version: int | None
    digest: str | None
    counts: dict[str, int]
    totals: dict[str, Any]
    closed_at: datetime | None = None
    superseded_at: datetime | None = None
    superseded_why: str | None = None
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The published shape of `extrato show --json`."""
        return {
            "year": self.month.year,
            "month": self.month.month,
            "version": self.version,
            "digest": self.digest,
            "counts": {name: self.counts[name] for name in _COUNTED},
            "totals": self.totals,
        }


@dataclass(frozen=True, slots=True)
class ExtratoSummary:
    """One line of the list: a closed month, or an old version of one."""

    month: Month
    version: int
    gross_revenue: str
    commissions: str
    expenses: str
    net_revenue: str
    payments: int
    digest: str
    closed_at: datetime
    superseded_at: datetime | None
    superseded_why: str | None
    source: str


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month with rows that is not closed. over: it could be closed now."""

    month: Month
    over: bool


def list_extratos(session: Session, *, with_superseded: bool = False) -> tuple[ExtratoSummary, ...]:
    """Newest month first, newest version first."""
    statement = select(Extrato).order_by(
        Extrato.year.desc(), Extrato.month.desc(), Extrato.version.desc()
    )
    if not with_superseded:
        statement = statement.where(Extrato.superseded_at.is_(None))
    return tuple(_summary(extrato) for extrato in session.scalars(statement))


def versions_of(session: Session, month: Month) -> tuple[int, ...]:
    """Every version that a month's extrato ever had, newest first."""
    return tuple(
        session.scalars(
            select(Extrato.version)
            .where(Extrato.year == month.year, Extrato.month == month.month)
            .order_by(Extrato.version.desc())
        )
    )


def show_extrato(session: Session, month: Month, version: int | None = None) -> Statement:
    """A closed month's statement; an old version where one is named.

    Raises RuleError: no_such_extrato, no_such_version.
    """
    statement = select(Extrato).where(Extrato.year == month.year, Extrato.month == month.month)
    if version is None:
        extrato = session.scalars(statement.where(Extrato.superseded_at.is_(None))).one_or_none()
        if extrato is None:
            raise RuleError("no_such_extrato", month=month.label)
    else:
        extrato = session.scalars(statement.where(Extrato.version == version)).one_or_none()
        if extrato is None:
            raise RuleError("no_such_version", month=month.label, version=version)
    names = _names(
        session,
        select(ArchivedName.ref_id, ArchivedName.name).where(
            ArchivedName.extrato_id == extrato.id, ArchivedName.kind == "artist"
        ),
    )
    return Statement(
        month=month,
        version=extrato.version,
        digest=extrato.digest,
        counts=extrato.counts,
        totals=_with_names(extrato.totals, names),
        closed_at=extrato.closed_at,
        superseded_at=extrato.superseded_at,
        superseded_why=extrato.superseded_why,
        source=extrato.source,
    )


def preview(session: Session, month: Month) -> Statement:
    """What an open month's statement would be if it were closed now.

    Raises RuleError("month_already_closed").
    """
    state = session.scalar(
        select(AccountingMonth.state).where(AccountingMonth.month_start == month.first_day)
    )
    if state == "closed":
        raise RuleError("month_already_closed", month=month.label)
    found: dict[str, Any] = session.scalars(
        select(func.studio.month_totals(month.first_day, None))
    ).one()
    ids = [line["artist_id"] for line in found["totals"]["by_artist"]]
    names = _names(session, select(User.id, User.name).where(User.id.in_(ids)))
    return Statement(month, None, None, found["counts"], _with_names(found["totals"], names))


def open_months(session: Session) -> tuple[OpenMonth, ...]:
    """Months that hold live rows, newest first; the running month is always among them."""
    today = studio_today(session)
    dates = (
        select(func.date_trunc("month", Payment.paid_on).label("day"))
        .union(
            select(func.date_trunc("month", Expense.spent_on)),
            select(func.date_trunc("month", Commission.accrued_on)),
        )
        .subquery()
    )
    months = {Month.of(day) for day in session.scalars(select(dates.c.day))} | {Month.of(today)}
    return tuple(OpenMonth(month, month.is_over(today)) for month in sorted(months, reverse=True))


def _names(session: Session, statement: Select[int, str]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(statement)}


def _summary(extrato: Extrato) -> ExtratoSummary:
    totals = extrato.totals
    return ExtratoSummary(
        month=Month(extrato.year, extrato.month),
        version=extrato.version,
        gross_revenue=totals["gross_revenue"],
        commissions=totals["commissions"],
        expenses=totals["expenses"],
        net_revenue=totals["net_revenue"],
        payments=extrato.counts["payments"],
        digest=extrato.digest,
        closed_at=extrato.closed_at,
        superseded_at=extrato.superseded_at,
        superseded_why=extrato.superseded_why,
        source=extrato.source,
    )


def _with_names(totals: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    """The totals in the published shape and order, artists by name instead of id."""
    by_artist = sorted(
        (
            {
                "artist": names.get(line["artist_id"], f"#{line['artist_id']}"),
                "revenue": line["revenue"],
                "commission": line["commission"],
            }
            for line in totals["by_artist"]
        ),
        key=lambda line: line["artist"],
    )
    plain = ("gross_revenue", "commissions", "expenses", "balance", "net_revenue")
    return {
        **{name: totals[name] for name in plain},
        "by_artist": by_artist,
        "by_method": [
            {"method": line["method"], "total": line["total"]} for line in totals["by_method"]
        ],
        "expenses_by_method": [
            {"method": line["method"], "total": line["total"]}
            for line in totals["expenses_by_method"]
        ],
        "expenses_by_category": [
            {"category": line["category"], "total": line["total"]}
            for line in totals["expenses_by_category"]
        ],
    }
