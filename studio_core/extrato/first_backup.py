"""The backup that a closing makes for itself, as the first stage of its run."""

from pathlib import Path

from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.errors import AlreadyRunningError, RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.records import runs_under_way
from studio_core.extrato.runs import OnProgress, Progress
from studio_core.ledger.queries import month_state, studio_today
from studio_core.months import Month


def back_up_first(
    database: Database,
    *,
    month: Month,
    force: bool,
    run_id: int,
    directory: Path,
    on_progress: OnProgress,
) -> None:
    """Writes the month's backup, unless the closing would be refused anyway.

    on_progress: gets the stage "writing"; what it raises ends the backup and leaves no file.
    Raises RuleError: month_not_over, month_already_closed; AlreadyRunningError; and what
    create_backup raises.
    """

    def progressed(progress: Progress) -> None:
        on_progress(Progress("writing", progress.rows_done, progress.rows_total))

    progressed(Progress("", 0, 0))
    with database.transaction() as session:
        _require_closable(session, month, force)
        _require_alone(session, month, run_id)
    create_backup(database, month=month, directory=directory, on_progress=progressed)


def _require_closable(session: Session, month: Month, force: bool) -> None:
    if not month.is_over(studio_today(session)):
        raise RuleError("month_not_over", month=month.label)
    if not force and month_state(session, month) == "closed":
        raise RuleError("month_already_closed", month=month.label)


def _require_alone(session: Session, month: Month, run_id: int) -> None:
    """Of two runs the older one goes on: each other's sight would stop both."""
    for other in runs_under_way(session):
        if other.month == month and other.run_id < run_id:
            raise AlreadyRunningError("already_running", month=month.label)
