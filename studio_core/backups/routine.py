"""What is done each day: a new backup, its copy in a second place, the old ones tidied away."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from studio_core.backups.copies import copy_backups
from studio_core.backups.create import create_full_backup
from studio_core.backups.records import FullBackupRow, full_backup
from studio_core.backups.retention import remove_expendable
from studio_core.db.engine import Database
from studio_core.errors import RuleError, StudioError
from studio_core.extrato.runs import OnProgress
from studio_core.observability import get_logger

_log = get_logger(__name__)
_RAISE = text("SELECT studio.raise_alert('backup_failed', 'danger', :message)")


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
    _log.info("full_backup_created", file=made.file_name, bytes=made.file_bytes)
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
    except RuleError:
        pass  # Stopped. What is not copied yet is copied the next time.
    except StudioError as error:
        refusal = error
        _log.warning("backup_not_copied", code=error.code, sentence=str(error))
        with database.transaction() as session:
            session.execute(_RAISE, {"message": str(error)})
    with database.transaction() as session:
        made = full_backup(session, made.id)
    return Routine(made, copied, removed, refusal)
