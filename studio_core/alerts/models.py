"""The table of alerts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id


class Alert(Base):
    """One thing noticed by a program. details never hold a person's values.

    Those of a slow_query: statement, fingerprint, count, worst_ms, threshold_ms, route, program,
    login, acting_role, target, correlation_id, failed, last_at.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint("severity IN ('info', 'warning', 'danger')", name="severity"),
        Index("ix_alerts_at", "at"),
        Index("uq_alerts_group_key", "group_key", unique=True),
        Index("ix_alerts_unsent", "id", postgresql_where=text("sent_at IS NULL")),
        Index("ix_alerts_unseen_first", text("(seen_at IS NULL)"), "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    """slow_query, closing_failed, backup_failed, drill_failed, clean_up_failed, slack_failed, test,
    health (a condition that was not bad at the look before) or health_failed (nobody could look).
    """
    severity: Mapped[str] = mapped_column(server_default=text("'warning'"))
    message: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    raised_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]
    group_key: Mapped[str | None]
    """Of one that happens again and again: it is counted in the same row, or kept back."""
    sent_at: Mapped[datetime | None]
    """When a server told it to Slack."""
