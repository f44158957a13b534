"""Tables of the agenda."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id, Money, Tracked, one_of, readable_moment

STATUSES = (
    "requested",
    "scheduled",
    "confirmed",
    "arrived",
    "in_progress",
    "to_pay",
    "paid",
    "cancelled",
    "no_show",
)
FINISHED = ("to_pay", "paid", "cancelled", "no_show")
"""The statuses in which a session is over, and is copied into its month's extrato."""
VISITED = ("arrived", "in_progress", "to_pay", "paid")
"""The statuses in which somebody was here."""

_TAKES_TIME = text("status NOT IN ('cancelled', 'no_show') AND NOT overlap_allowed")


class TattooSession(Tracked, Base):
    """One appointment. Without a client it is a walk-in."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("ends_at <= starts_at + interval '24 hours'", name="length"),
        CheckConstraint(readable_moment("starts_at"), name="starts_at"),
        CheckConstraint(readable_moment("ends_at"), name="ends_at"),
        CheckConstraint("agreed_price >= 0 AND agreed_price <> 'NaN'", name="agreed_price"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        ExcludeConstraint(
            (column("artist_id"), "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=_TAKES_TIME,
            using="gist",
            name="ex_sessions_artist",
        ),
        ExcludeConstraint(
            (column("chair"), "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=_TAKES_TIME,
            using="gist",
            name="ex_sessions_chair",
        ),
        Index("ix_sessions_starts_at", "starts_at"),
        Index("ix_sessions_artist_id_starts_at", "artist_id", "starts_at"),
        Index("ix_sessions_client_id", "client_id", "starts_at"),
        Index("uq_sessions_google_event_id", "google_event_id", unique=True),
    )

    id: Mapped[Id]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"))
    artist_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chair: Mapped[str | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_known: Mapped[bool] = mapped_column(server_default=text("true"))
    """False for a session of the old system, which kept only its day."""
    type: Mapped[str | None]
    project: Mapped[str | None]
    agreed_price: Mapped[Money | None]
    status: Mapped[str] = mapped_column(server_default=text("'scheduled'"))
    overlap_allowed: Mapped[bool] = mapped_column(server_default=text("false"))
    """An owner or manager has decided that this one may overlap others."""
    google_event_id: Mapped[str | None]
    notes: Mapped[str | None]
