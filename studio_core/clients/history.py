"""What a client did here."""

from sqlalchemy import Text, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from studio_core.agenda.models import TattooSession
from studio_core.clients.figures import readable_payments, studio_day
from studio_core.clients.rows import HistoryLine
from studio_core.people.models import User


def client_history(session: Session, client_id: int, limit: int = 50) -> tuple[HistoryLine, ...]:
    """Sessions, and payments that belong to none, newest first.

    A reader who may not see closed months finds the sessions of all months, and the payments of
    the open ones.
    """
    payments = readable_payments(session)
    paid = (
        select(func.sum(payments.c.amount))
        .where(payments.c.session_id == TattooSession.id, payments.c.voided_at.is_(None))
        .scalar_subquery()
    )
    sessions = (
        select(
            literal("session", Text).label("kind"),
            TattooSession.id.label("id"),
            studio_day(TattooSession.starts_at).label("day"),
            TattooSession.type.label("type"),
            TattooSession.project.label("what"),
            TattooSession.artist_id.label("artist_id"),
            TattooSession.status.label("status"),
            paid.label("amount"),
        )
        .where(TattooSession.client_id == client_id)
        .order_by(TattooSession.starts_at.desc())
        .limit(limit)
    )
    others = (
        select(
            literal("payment", Text),
            payments.c.id,
            payments.c.paid_on,
            null(),
            payments.c.notes,
            payments.c.artist_id,
            payments.c.method,
            payments.c.amount,
        )
        .where(
            payments.c.client_id == client_id,
            payments.c.session_id.is_(None),
            payments.c.voided_at.is_(None),
        )
        .order_by(payments.c.paid_on.desc())
        .limit(limit)
    )
    both = union_all(sessions, others).subquery()
    found = session.execute(
        select(
            both.c.kind,
            both.c.id,
            both.c.day,
            both.c.type,
            both.c.what,
            User.name,
            User.colour,
            both.c.status,
            both.c.amount,
        )
        .join(User, User.id == both.c.artist_id)
        .order_by(both.c.day.desc(), both.c.kind, both.c.id.desc())
        .limit(limit)
    )
    return tuple(HistoryLine(*row) for row in found)
