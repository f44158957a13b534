"""Tables of the ledger.

A row that is `imported` was booked by the system that this one replaces: it counts as it stands,
even where it breaks one of today's rules.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id, Money, Percent, Tracked, one_of

METHODS = ("cash", "pix", "debit", "credit", "transfer", "other")
EXPENSE_CATEGORIES = (
    "rent",
    "utilities",
    "materials",
    "equipment",
    "marketing",
    "services",
    "taxes",
    "fees",
    "cleaning",
    "food",
    "other",
)
_KNOWN_METHOD = f"imported OR {one_of('method', METHODS)}"
_VOID = "(voided_at IS NULL) = (void_reason IS NULL)"


class Payment(Tracked, Base):
    """Money received from a client, or given back (amount < 0, kind refund)."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint(
            "imported OR (kind = 'refund' AND amount < 0) OR (kind <> 'refund' AND amount > 0)",
            name="amount",
        ),
        CheckConstraint("amount <> 'NaN' AND tip_amount <> 'NaN'", name="number"),
        CheckConstraint("kind IN ('sale', 'deposit', 'refund')", name="kind"),
        CheckConstraint("tip_amount >= 0", name="tip_amount"),
        CheckConstraint("commission_percent BETWEEN 0 AND 100", name="commission_percent"),
        CheckConstraint(_KNOWN_METHOD, name="method"),
        CheckConstraint(_VOID, name="void"),
        Index("ix_payments_paid_on", "paid_on", "id"),
        Index("ix_payments_artist_id", "artist_id", "paid_on"),
        Index("ix_payments_client_id", "client_id"),
        Index("ix_payments_session_id", "session_id"),
    )

    id: Mapped[Id]
    paid_on: Mapped[date]
    amount: Mapped[Money]
    tip_amount: Mapped[Money] = mapped_column(server_default=text("0"))
    method: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=text("'sale'"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"))
    artist_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    commission_percent: Mapped[Percent | None]
    """The percent that the commission is computed from; a trigger keeps the commission equal to
    it. NULL: the commission was imported as it stands and is not derived from this row."""
    corrects_payment_id: Mapped[int | None]
    """The payment that this one corrects or refunds. It may be archived: no foreign key."""
    notes: Mapped[str | None]
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None]
    void_reason: Mapped[str | None]


class Commission(Tracked, Base):
    """The artist's part of a payment, counted in the month of accrued_on."""

    __tablename__ = "commissions"
    __table_args__ = (
        CheckConstraint("imported OR percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("amount <> 'NaN' AND percent <> 'NaN'", name="number"),
        CheckConstraint(_VOID, name="void"),
        Index("ix_commissions_accrued_on", "accrued_on", "id"),
        Index("ix_commissions_payment_id", "payment_id"),
        Index("ix_commissions_artist_id", "artist_id", "accrued_on"),
    )

    id: Mapped[Id]
    payment_id: Mapped[int | None]
    """The payment it comes from. That may be archived before or after it: no foreign key."""
    artist_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    percent: Mapped[Percent]
    amount: Mapped[Money]
    accrued_on: Mapped[date]
    notes: Mapped[str | None]
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None]
    void_reason: Mapped[str | None]


class Expense(Tracked, Base):
    """Money that the studio spent."""

    __tablename__ = "expenses"
    __table_args__ = (
        CheckConstraint("imported OR amount > 0", name="amount"),
        CheckConstraint("amount <> 'NaN'", name="number"),
        CheckConstraint(_KNOWN_METHOD, name="method"),
        CheckConstraint(_VOID, name="void"),
        Index("ix_expenses_spent_on", "spent_on", "id"),
    )

    id: Mapped[Id]
    spent_on: Mapped[date]
    amount: Mapped[Money]
    description: Mapped[str]
    category: Mapped[str] = mapped_column(server_default=text("'other'"))
    method: Mapped[str]
    corrects_expense_id: Mapped[int | None]
    """The expense that this one corrects. It may be archived: no foreign key."""
    notes: Mapped[str | None]
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None]
    void_reason: Mapped[str | None]


class AccountingMonth(Base):
    """The state of a month; its row is the lock that every write of that month shares.

    The migration makes the rows of all months from 2000 to 2100.
    """

    __tablename__ = "accounting_months"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closing', 'closed')", name="state"),
        CheckConstraint("month_start = date_trunc('month', month_start)::date", name="month_start"),
    )

    month_start: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    closing: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What a running closing expects to move; filled and emptied inside its transaction."""
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Request(Base):
    """One user action, so that a retry after a lost answer is not done twice. Never archived."""

    __tablename__ = "requests"

    request_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    action: Mapped[str]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    requested_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
