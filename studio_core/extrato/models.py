"""Tables of the closing: extratos, their archived rows, backups and runs."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.agenda.models import TattooSession
from studio_core.db.base import Base, Id, readable_day
from studio_core.ledger.models import Commission, Expense, Payment


class Extrato(Base):
    """One version of a closed month's statement. Versions are never deleted or rewritten."""

    __tablename__ = "extratos"
    __table_args__ = (
        CheckConstraint("source IN ('closing', 'legacy')", name="source"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("(superseded_at IS NULL) = (superseded_why IS NULL)", name="superseded"),
        Index("uq_extratos_version", "year", "month", "version", unique=True),
        Index("uq_extratos_closing_order", "closing_order", unique=True),
        Index(
            "uq_extratos_current",
            "year",
            "month",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    year: Mapped[int]
    month: Mapped[int]
    version: Mapped[int]
    closing_order: Mapped[int]
    """Place in the chain of digests, over all months and versions."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    totals: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Money as text with two decimals; artists by id, since names stand apart."""
    table_digests: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    previous_digest: Mapped[str]
    source: Mapped[str] = mapped_column(server_default=text("'closing'"))
    backup_id: Mapped[int | None]
    run_id: Mapped[int | None]
    """The run that wrote it. No foreign key: the closing must not touch the rows that its own
    progress is written to from a second connection."""
    closed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_by: Mapped[int | None]
    superseded_at: Mapped[datetime | None]
    superseded_why: Mapped[str | None]


def _archived(live: type[Base]) -> Table:
    """The archive's copy of a live table: the same columns, its extrato and its row hash.

    extrato_id has no foreign key, since a check for every row would double the closing's time;
    the closing writes both in one transaction.
    """
    source = cast(Table, live.__table__)
    columns = [
        # A foreign key has no type of its own before the mappers are configured; all ours are ids.
        Column(c.name, BigInteger if c.foreign_keys else c.type, nullable=c.nullable)
        for c in source.columns
        if c.name != "id"
    ]
    return Table(
        source.name,
        Base.metadata,
        Column("extrato_id", BigInteger, primary_key=True, autoincrement=False),
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        *columns,
        Column("row_hash", LargeBinary, nullable=False),
        schema="archive",
    )


class ArchivedPayment(Base):
    """A payment of a closed month, with the id it had."""

    __table__ = _archived(Payment)


class ArchivedCommission(Base):
    """A commission of a closed month."""

    __table__ = _archived(Commission)


class ArchivedExpense(Base):
    """An expense of a closed month."""

    __table__ = _archived(Expense)


class ArchivedSession(Base):
    """A copy of a finished session as it was at the closing; the live row goes on."""

    __table__ = _archived(TattooSession)


for _model in (ArchivedPayment, ArchivedCommission, ArchivedExpense):
    _archive = _model.__table__
    Index(f"uq_{_archive.name}_id", _archive.c.id, unique=True)
Index("ix_payments_client_id", ArchivedPayment.__table__.c.client_id)
Index("ix_payments_session_id", ArchivedPayment.__table__.c.session_id)
Index("ix_commissions_payment_id", ArchivedCommission.__table__.c.payment_id)
Index("ix_sessions_client_id", ArchivedSession.__table__.c.client_id)


class ArchivedName(Base):
    """A name as it was at the closing; outside the hashes, so that it can be erased.

    kind: artist or client; ref_id is that person's id.
    """

    __tablename__ = "names"
    __table_args__ = (
        CheckConstraint("kind IN ('artist', 'client')", name="kind"),
        {"schema": "archive"},
    )

    extrato_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    ref_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class Backup(Base):
    """A backup file of one month, as it was when it was made."""

    __tablename__ = "backups"
    __table_args__ = (CheckConstraint(readable_day("month_start"), name="month_start"),)

    id: Mapped[Id]
    month_start: Mapped[date] = mapped_column(index=True)
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    file_bytes: Mapped[int]
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[int | None] = mapped_column(server_default=text("studio.current_user_id()"))
    copied_at: Mapped[datetime | None]
    """When it was copied to a second place, and the copy read back."""


class ExtratoRun(Base):
    """One attempt to close or reopen a month, and how it ended."""

    __tablename__ = "extrato_runs"
    __table_args__ = (
        CheckConstraint(readable_day("month_start"), name="month_start"),
        CheckConstraint("action IN ('close', 'reopen')", name="action"),
        CheckConstraint(
            "status IN ('running', 'done', 'failed', 'refused', 'cancelled', 'died', 'rehearsed')",
            name="status",
        ),
        Index("ix_extrato_runs_month_start", "month_start", "id"),
    )

    id: Mapped[Id]
    month_start: Mapped[date]
    action: Mapped[str]
    forced: Mapped[bool] = mapped_column(server_default=text("false"))
    rehearsal: Mapped[bool] = mapped_column(server_default=text("false"))
    batch_size: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default=text("'running'"))
    message: Mapped[str | None]
    code: Mapped[str | None]
    params: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Code and values of the message, for a desk of another language."""
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("backups.id"))
    extrato_id: Mapped[int | None]
    correlation_id: Mapped[str | None]
    run_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    started_by: Mapped[int | None] = mapped_column(server_default=text("studio.current_user_id()"))
    """The person whose desk runs it; None for the server and the command line."""
    started_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    finished_at: Mapped[datetime | None]


class ExtratoRequest(Base):
    """An owner's wish to close a month, which the server's runner takes and carries out."""

    __tablename__ = "extrato_requests"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'taken', 'done', 'refused', 'failed', 'given_up')",
            name="status",
        ),
        Index("ix_extrato_requests_waiting", "id", postgresql_where=text("status = 'waiting'")),
    )

    id: Mapped[Id]
    month_start: Mapped[date]
    forced: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    message: Mapped[str | None]
    code: Mapped[str | None]
    params: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    """Somebody wants it stopped; told to its run once that is known."""
    run_id: Mapped[int | None]
    requested_by: Mapped[int | None]
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    taken_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class FullBackup(Base):
    """A backup of the whole database with its roles, and what its last drill found."""

    __tablename__ = "full_backups"

    id: Mapped[Id]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    file_bytes: Mapped[int]
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """As studio_core.backups.manifest writes it, for whoever looks without the file."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    copied_at: Mapped[datetime | None]
    drilled_at: Mapped[datetime | None]
    drill_message: Mapped[str | None]
    """NULL after a drill that went well."""
    removed_at: Mapped[datetime | None]


class HealthReport(Base):
    """One look at the studio's health, from somebody's wish or the server's own to its result.

    waiting: asked for, and no server has taken it yet. looking: under way, or its program died.
    """

    __tablename__ = "health_reports"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'looking', 'done', 'failed')", name="status"),
        Index(
            "ix_health_reports_unfinished",
            "id",
            postgresql_where=text("status IN ('waiting', 'looking')"),
        ),
    )

    id: Mapped[Id]
    status: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    asked_by: Mapped[int | None] = mapped_column(server_default=text("studio.current_user_id()"))
    """NULL where the server looked by itself."""
    started_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[str | None]
    """The login that looked."""
    looked_on: Mapped[str | None]
    """The computer, by its own name."""
    healthy: Mapped[bool | None]
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """In the order of the report: subject, level, code, and params that JSON can hold."""
    message: Mapped[str | None]
    """Why nobody could look."""


class ExtratoProgress(Base):
    """How far a run is; written from a connection of its own, so that all desks see it."""

    __tablename__ = "extrato_progress"

    run_id: Mapped[int] = mapped_column(ForeignKey("extrato_runs.id"), primary_key=True)
    stage: Mapped[str]
    rows_done: Mapped[int] = mapped_column(server_default=text("0"))
    rows_total: Mapped[int] = mapped_column(server_default=text("0"))
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
