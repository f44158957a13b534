"""What is on record about closings: runs under way on any desk, and an extrato's backup."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from studio_core.extrato.models import Backup, Extrato, ExtratoProgress, ExtratoRun
from studio_core.months import Month
from studio_core.people.models import User

# The lock that runs.py holds as a run's sign of life, seen without taking it.
_ALIVE = text(
    "EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted"
    " AND l.objsubid = 2 AND l.objid = CAST(extrato_runs.id AS oid)"
    " AND l.classid = CAST(hashtext('studio.run')::bigint & 4294967295 AS oid))"
)


@dataclass(frozen=True, slots=True)
class RunUnderWay:
    """A closing or reopening that is alive now. action: close or reopen. stage, rows: see
    runs.Progress. started_by, person: whose desk runs it, None for the server."""

    run_id: int
    month: Month
    action: str
    stage: str
    rows_done: int
    rows_total: int
    cancel_requested: bool
    correlation_id: str | None
    started_by: int | None
    person: str | None


@dataclass(frozen=True, slots=True)
class UsedBackup:
    """The backup that an extrato was closed with."""

    file_name: str
    created_at: datetime


def runs_under_way(session: Session) -> tuple[RunUnderWay, ...]:
    """Oldest first; runs whose program died are left out, rehearsals too."""
    statement = (
        select(ExtratoRun, ExtratoProgress, User.name)
        .join(ExtratoProgress, ExtratoProgress.run_id == ExtratoRun.id)
        .outerjoin(User, User.id == ExtratoRun.started_by)
        .where(ExtratoRun.status == "running", ExtratoRun.rehearsal.is_(False), _ALIVE)
        .order_by(ExtratoRun.id)
    )
    return tuple(
        RunUnderWay(
            run_id=run.id,
            month=Month.of(run.month_start),
            action=run.action,
            stage=progress.stage,
            rows_done=progress.rows_done,
            rows_total=progress.rows_total,
            cancel_requested=progress.cancel_requested,
            correlation_id=run.correlation_id,
            started_by=run.started_by,
            person=person,
        )
        for run, progress, person in session.execute(statement)
    )


def backup_used(session: Session, month: Month, version: int) -> UsedBackup | None:
    """None for a version closed without one, or brought from the old system."""
    found = session.execute(
        select(Backup.file_name, Backup.created_at)
        .join(Extrato, Extrato.backup_id == Backup.id)
        .where(Extrato.year == month.year, Extrato.month == month.month, Extrato.version == version)
    ).one_or_none()
    return None if found is None else UsedBackup(found.file_name, found.created_at)


def ask_to_stop(session: Session, run_id: int) -> None:
    """Asks a run of any desk to stop before its next batch; it rolls back whole."""
    progress = session.get(ExtratoProgress, run_id)
    if progress is not None:
        progress.cancel_requested = True
