"""The backup before a closing, with its line in the log."""

from collections.abc import Callable

from server_jobs.jobs.work import Work
from studio_core.errors import RuleError
from studio_core.extrato.backup import BackupRow, create_backup
from studio_core.extrato.runs import Progress
from studio_core.months import Month
from studio_core.observability import get_logger

_log = get_logger(__name__)


def back_up(work: Work, month: Month, cancelled: Callable[[], bool]) -> BackupRow:
    """One month's backup into BACKUP_DIR; when cancelled nothing is left of it.

    Raises RuleError("closing_cancelled") and those of create_backup.
    """

    def progressed(_progress: Progress) -> None:
        if cancelled():
            raise RuleError("closing_cancelled")

    made = create_backup(
        work.database, month=month, directory=work.settings.backup_dir, on_progress=progressed
    )
    _log.info("backup_created", month=month.label, file=made.path.name, rows=made.rows)
    return made
