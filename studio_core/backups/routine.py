"""What is done each day: a new backup, its copy in a second place, the old ones tidied away; and
each week a trial of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studio_core.alerts.actions import raise_alert
from studio_core.backups.copies import copy_backups
from studio_core.backups.create import create_full_backup
from studio_core.backups.drill import drill
from studio_core.backups.due import backup_calendar
from studio_core.backups.records import FullBackupRow, full_backup
from studio_core.backups.retention import remove_expendable
from studio_core.db.engine import Database
from studio_core.errors import AlreadyRunningError, StudioError
from studio_core.extrato.runs import OnProgress
from studio_core.observability import get_logger

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Routine:
    """made: the backup, which is there whatever became of the rest. refusal: why something could
    not be copied or tidied away."""

    made: FullBackupRow
    copied: tuple[str, ...]
    removed: tuple[str, ...]
    refusal: StudioError | None


def back_up_copy_and_tidy(
    database: Database,
    *,
    directory: Path,
    copy_dir: Path | None,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Routine:
    """Raises what create_full_backup raises. A copy that fails is an alert and a refusal in the
    result, and costs no backup."""
    made = create_full_backup(
        database, directory=directory, on_progress=on_progress, cancelled=cancelled
    )
    copied: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refusal: StudioError | None = None
    try:
        if copy_dir is not None:
            copied = copy_backups(
                database,
                directory=directory,
                copy_dir=copy_dir,
                on_progress=on_progress,
                cancelled=cancelled,
            )
        removed = remove_expendable(database, directory=directory, copy_dir=copy_dir)
    except StudioError as error:
        # After a stop, what is not copied yet is copied the next time.
        refusal = _told(database, "backup_failed", error)
    with database.transaction() as session:
        made = full_backup(session, made.id)
    return Routine(made, copied, removed, refusal)


def do_what_is_due(
    database: Database,
    *,
    directory: Path,
    copy_dir: Path | None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[StudioError, ...]:
    """The day's backup and the week's trial, where nobody made them yet; for a studio that has no
    server to do so. Returns what failed, which is on record as alerts, too."""
    now = datetime.now(UTC)
    failures: list[StudioError | None] = []
    with database.transaction() as session:
        calendar = backup_calendar(session)
    try:
        if calendar.backup_due(now) is not None:
            done = back_up_copy_and_tidy(
                database, directory=directory, copy_dir=copy_dir, cancelled=cancelled
            )
            failures.append(done.refusal)
    except StudioError as error:
        failures.append(_told(database, "backup_failed", error))
    try:
        if calendar.drill_due(now) is not None and not cancelled():
            drill(database, places=(directory, copy_dir), cancelled=cancelled)
    except StudioError as error:
        failures.append(_told(database, "drill_failed", error))
    return tuple(failure for failure in failures if failure is not None)


def _told(database: Database, kind: str, error: StudioError) -> StudioError | None:
    """The failure, logged and raised as an alert; None for what was only stopped, or is being done
    by somebody else."""
    if isinstance(error, AlreadyRunningError) or error.code == "backup_cancelled":
        return None
    _log.warning(kind, code=error.code, sentence=str(error))
    with database.transaction() as session:
        raise_alert(session, kind=kind, severity="danger", message=str(error))
    return error
