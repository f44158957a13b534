"""Which alerts go out of the studio, that each goes once, and that a broken way out is told once.

The table is the memory, so all servers of a studio share it and a restart forgets nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from studio_core.alerts.models import Alert

_MOST = 200
_LEAD = text("SELECT pg_try_advisory_xact_lock(hashtext('studio.leader'), hashtext('slack'))")
# What was kept back by a Slack that did not answer is news for so long.
_FRESH = text(
    "at > clock_timestamp() - CASE kind WHEN 'slow_query' THEN interval '1 hour'"
    " ELSE interval '1 day' END"
)
_RAISE_ONCE = text(
    "SELECT studio.raise_alert_once(:key, :kind, 'warning', :message, CAST(:details AS jsonb))"
)
_FAILED = "slack_failed"


@dataclass(frozen=True, slots=True)
class UnsentAlert:
    """Without its message, which may name a person."""

    id: int
    kind: str
    severity: str
    details: dict[str, Any]


def lead(session: Session) -> bool:
    """Whether this server alone sends until its transaction ends; never waits for another."""
    return bool(session.execute(_LEAD).scalar_one())


def unsent_alerts(session: Session) -> tuple[UnsentAlert, ...]:
    """Slow queries, and whatever is severe; oldest first."""
    rows = session.execute(
        select(Alert.id, Alert.kind, Alert.severity, Alert.details)
        .where(Alert.sent_at.is_(None))
        .where((Alert.severity == "danger") | (Alert.kind == "slow_query"))
        .where(Alert.kind != _FAILED)
        .where(_FRESH)
        .order_by(Alert.id)
        .limit(_MOST)
    )
    return tuple(UnsentAlert(*row) for row in rows)


def mark_sent(session: Session, alerts: Sequence[UnsentAlert]) -> None:
    """Notes that Slack took them: they go out no more."""
    session.execute(
        update(Alert)
        .where(Alert.id.in_([alert.id for alert in alerts]))
        .values(sent_at=func.clock_timestamp())
    )


def note_failure(session: Session, failure: str, message: str) -> bool:
    """Raises slack_failed, once for each kind of failure until it works; whether it was new."""
    raised = session.execute(
        _RAISE_ONCE,
        {
            "key": f"{_FAILED}:{failure}",
            "kind": _FAILED,
            "message": message,
            "details": json.dumps({"failure": failure}),
        },
    ).scalar_one()
    return raised is not None


def note_recovery(session: Session) -> bool:
    """From now on a failure is told again; whether there had been one."""
    freed = session.execute(
        update(Alert)
        .where(Alert.kind == _FAILED, Alert.group_key.is_not(None))
        .values(group_key=None)
        .returning(Alert.id)
    ).all()
    return bool(freed)
