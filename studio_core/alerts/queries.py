"""Reading the alerts, those that nobody has seen first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from studio_core.alerts.models import Alert
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page
from studio_core.people.models import User, UserLogin

Severity = Literal["info", "warning", "danger"]
_UNSEEN_FIRST = KeyOrder(Alert.seen_at.is_(None), Alert.id, descending=True)


@dataclass(frozen=True)
class AlertRow:
    """One alert. message: in English, as it was raised. count: how often the same happened.

    raised_by: the person's name, else the login. seen_by: a name, None for one not seen.
    """

    id: int
    at: datetime
    kind: str
    severity: Severity
    message: str
    count: int
    details: dict[str, Any]
    raised_by: str
    seen_at: datetime | None
    seen_by: str | None


def page_of_alerts(
    session: Session, *, unseen_only: bool = False, after: Cursor | None = None, limit: int = 100
) -> Page[AlertRow]:
    """One page of alerts: the unseen ones, then the others; each newest first."""
    raiser, seer = aliased(User), aliased(User)
    statement = (
        select(
            *(Alert.id, Alert.at, Alert.kind, Alert.severity, Alert.message, Alert.details),
            func.coalesce(raiser.name, Alert.raised_by).label("raised_by"),
            Alert.seen_at,
            seer.name.label("seen_by"),
        )
        .outerjoin(UserLogin, UserLogin.role_name == Alert.raised_by)
        .outerjoin(raiser, raiser.id == UserLogin.user_id)
        .outerjoin(seer, seer.id == Alert.seen_by)
    )
    if unseen_only:
        statement = statement.where(Alert.seen_at.is_(None))
    return fetch_page(session, statement, _UNSEEN_FIRST, after=after, limit=limit, row=_row)


def count_unseen(session: Session) -> int:
    """How many alerts nobody has seen."""
    return session.scalars(
        select(func.count()).select_from(Alert).where(Alert.seen_at.is_(None))
    ).one()


def _row(found: Row[Any]) -> AlertRow:
    count = found.details.get("count")
    return AlertRow(
        id=found.id,
        at=found.at,
        kind=found.kind,
        severity=found.severity,
        message=found.message,
        count=count if isinstance(count, int) else 1,
        details=found.details,
        raised_by=found.raised_by,
        seen_at=found.seen_at,
        seen_by=found.seen_by,
    )
