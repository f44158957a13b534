"""Tables of the audit; only triggers write them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id


class AuditEntry(Base):
    """One changed row, without the values that identify a client."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_row", "table_name", "row_key"),
        # Every list is newest first, so each filter's index goes on in that order.
        Index("ix_audit_log_at_id", "at", "id"),
        Index("ix_audit_log_table", "table_name", "at", "id"),
        Index("ix_audit_log_user", "user_id", "at", "id"),
        Index("ix_audit_log_action", "action", "at", "id"),
        Index("ix_audit_log_correlation_id", "correlation_id"),
        Index(
            "ix_audit_log_words", text("studio.audit_words(before, after)"), postgresql_using="gin"
        ),
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    table_name: Mapped[str]
    row_key: Mapped[str]
    action: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    login_role: Mapped[str]
    acting_role: Mapped[str]
    user_id: Mapped[int | None]
    correlation_id: Mapped[str | None]


class AuditIdentity(Base):
    """The identifying values of one audit entry, apart so that anonymising can empty them."""

    __tablename__ = "audit_identities"
    __table_args__ = (
        Index(
            "ix_audit_identities_words",
            text("studio.audit_words(before, after)"),
            postgresql_using="gin",
        ),
    )

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
