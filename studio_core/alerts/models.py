"""The table of alerts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id


class Alert(Base):
    """One thing noticed by a program. details never hold a person's values."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint("severity IN ('info', 'warning', 'danger')", name="severity"),
        Index("ix_alerts_at", "at"),
        Index("ix_alerts_unseen_first", text("(seen_at IS NULL)"), "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    """slow_query, closing_failed, backup_failed, drill_failed, disk_space, slack_failed, health (a
    condition that was not bad at the look before) or health_failed (nobody could look)."""
    severity: Mapped[str] = mapped_column(server_default=text("'warning'"))
    message: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    raised_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]
