"""Looking at the studio's health, keeping the report, and telling of what became bad.

Who looks holds an advisory lock as the sign of life; of several programs one looks at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from studio_core.alerts.actions import raise_alert
from studio_core.db.engine import Database
from studio_core.db.instant import one_instant
from studio_core.errors import AlreadyRunningError, StudioError
from studio_core.extrato.health import Condition, Health, look_at_health
from studio_core.extrato.health_reports import conditions_of
from studio_core.extrato.models import HealthReport
from studio_core.extrato.refusals import plain_params

KEPT = timedelta(days=90)
_LOCK = text("SELECT pg_try_advisory_lock(hashtext('studio.health'), 0)")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtext('studio.health'), 0)")
# Values that grow while a condition stays what it is.
_FIGURES = frozenset({"hours", "days", "count", "free", "size", "reason", "status", "what"})


def look_and_report(
    database: Database,
    *,
    backup_dir: Path,
    log_dir: Path,
    looked_on: str,
    copy_dir: Path | None = None,
) -> Health:
    """Looks at everything, keeps the report, and raises an alert for each bad condition that the
    report before did not have.

    Answers the wish that waits. looked_on: this computer's name. copy_dir: the second place of
    backups, where there is one. As a login of the jobs or an owner's.
    Raises AlreadyRunningError("health_running"), and what makes looking impossible.
    """
    with _alone(database):
        with database.transaction() as session:
            report_id = _begin(session, looked_on)
        try:
            with one_instant(database) as session:
                health = look_at_health(
                    session, backup_dir=backup_dir, log_dir=log_dir, copy_dir=copy_dir
                )
        except StudioError as error:
            _note_failure(database, report_id, error)
            raise
        with database.transaction() as session:
            _keep(session, report_id, health)
    return health


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    with database.connection() as alive:
        if not alive.execute(_LOCK).scalar_one():
            raise AlreadyRunningError("health_running")
        try:
            yield
        finally:
            try:
                alive.execute(_UNLOCK)
            except SQLAlchemyError:
                pass  # The connection is gone, and the lock with it.


def _begin(session: Session, looked_on: str) -> int:
    """Takes the wish that waits longest, else makes a report of its own; buries dead looks."""
    begun = {
        "status": "looking",
        "started_at": func.clock_timestamp(),
        "looked_by": func.session_user(),
        "looked_on": looked_on,
    }
    session.execute(
        update(HealthReport)
        .where(HealthReport.status == "looking")
        .values(status="failed", message=str(StudioError("health_interrupted")))
    )
    waiting = select(HealthReport.id).where(HealthReport.status == "waiting")
    taken = session.scalars(waiting.order_by(HealthReport.id).limit(1)).one_or_none()
    if taken is not None:
        session.execute(update(HealthReport).where(HealthReport.id == taken).values(begun))
        return taken
    report = HealthReport(**begun)
    session.add(report)
    session.flush()
    return report.id


def _keep(session: Session, report_id: int, health: Health) -> None:
    before = session.scalars(
        select(HealthReport)
        .where(HealthReport.status == "done", HealthReport.id != report_id)
        .order_by(HealthReport.id.desc())
        .limit(1)
    ).one_or_none()
    known = {_identity(one) for one in conditions_of(before)} if before is not None else set()
    for condition in health.conditions:
        if condition.level == "bad" and _identity(condition) not in known:
            known.add(_identity(condition))
            raise_alert(
                session,
                kind="health",
                severity="danger",
                message=str(condition),
                details={"report": report_id, **_stored(condition)},
            )
    session.execute(
        update(HealthReport)
        .where(HealthReport.id == report_id)
        .values(
            status="done",
            looked_at=func.clock_timestamp(),
            healthy=health.healthy,
            conditions=[_stored(condition) for condition in health.conditions],
        )
    )
    oldest = func.clock_timestamp() - KEPT
    session.execute(delete(HealthReport).where(HealthReport.created_at < oldest))


def _note_failure(database: Database, report_id: int, error: StudioError) -> None:
    """Whoever asked is told, if the database still takes it; the next look buries the others."""
    try:
        with database.transaction() as session:
            session.execute(
                update(HealthReport)
                .where(HealthReport.id == report_id)
                .values(status="failed", looked_at=func.clock_timestamp(), message=str(error))
            )
    except StudioError:
        pass  # The first error says what is wrong.


def _identity(condition: Condition) -> tuple[object, ...]:
    """What makes a condition the same as yesterday's."""
    told = {name: str(value) for name, value in condition.params.items() if name not in _FIGURES}
    return (condition.code, *sorted(told.items()))


def _stored(condition: Condition) -> dict[str, Any]:
    return {
        "subject": condition.subject,
        "level": condition.level,
        "code": condition.code,
        "params": plain_params(condition.params),
    }
