"""Raising alerts, marking them as seen, and deciding what is worth one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from studio_core.alerts.models import Alert
from studio_core.alerts.policy import SlowQueryPolicy, studio_policy
from studio_core.alerts.queries import Severity
from studio_core.db.requests import once
from studio_core.errors import ConflictError
from studio_core.settings.actions import change_setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD, ALERT_SLOW_QUERY_ENABLED

_RAISE = text("SELECT studio.raise_alert(:kind, :severity, :message, CAST(:details AS jsonb))")


@dataclass(frozen=True, slots=True)
class Seen:
    """Alerts that were marked as seen together. at: what they are known by afterwards."""

    at: datetime
    count: int


def raise_alert(
    session: Session,
    *,
    kind: str,
    severity: Severity,
    message: str,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Notes an alert for the owners; its id. details: never a person's values."""
    new_id: int = session.execute(
        _RAISE,
        {
            "kind": kind,
            "severity": severity,
            "message": message,
            "details": json.dumps(details or {}),
        },
    ).scalar_one()
    return new_id


def mark_seen(
    session: Session, *, request_id: UUID, up_to: int, alert_id: int | None = None
) -> Seen:
    """Marks one alert as seen, or every one up to an id: what came later nobody has read yet."""

    def mark() -> dict[str, Any]:
        statement = update(Alert).where(Alert.seen_at.is_(None), Alert.id <= up_to)
        if alert_id is not None:
            statement = statement.where(Alert.id == alert_id)
        # The trigger says who and when; all rows of one statement bear the same moment.
        marked = session.execute(statement.values(seen_at=func.now()).returning(Alert.id)).all()
        at: datetime = session.execute(select(func.now())).scalar_one()
        return {"at": at.isoformat(), "count": len(marked)}

    found = once(session, request_id, "mark_alerts_seen", mark)
    return Seen(datetime.fromisoformat(found["at"]), found["count"])


def mark_unseen(session: Session, *, request_id: UUID, seen: Seen) -> int:
    """Takes back what this person marked in one go; how many are unseen again."""

    def unmark() -> dict[str, Any]:
        marked = session.execute(
            update(Alert)
            .where(Alert.seen_at == seen.at, Alert.seen_by == func.studio.current_user_id())
            .values(seen_at=None)
            .returning(Alert.id)
        ).all()
        return {"count": len(marked)}

    count: int = once(session, request_id, "mark_alerts_unseen", unmark)["count"]
    return count


def change_slow_query_policy(
    session: Session, *, request_id: UUID, before: SlowQueryPolicy, policy: SlowQueryPolicy
) -> SlowQueryPolicy:
    """Decides about the slow queries; what is kept. before: what this person was looking at.

    Raises ConflictError("changed_elsewhere") when somebody decided otherwise meanwhile, and
    RuleError: bad_setting, not_allowed.
    """

    def change() -> dict[str, Any]:
        if studio_policy(session) != before:
            raise ConflictError("changed_elsewhere")
        enabled = change_setting(session, ALERT_SLOW_QUERY_ENABLED, policy.enabled)
        threshold_ms = change_setting(session, ALERT_QUERY_MS_THRESHOLD, policy.threshold_ms)
        return {"enabled": enabled, "threshold_ms": threshold_ms}

    return SlowQueryPolicy(**once(session, request_id, "change_slow_query_policy", change))
