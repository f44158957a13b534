"""The whole database: backed up each night, copied, tried out each Sunday, tidied away."""

from server_jobs.jobs.work import Chore, Work
from studio_core.backups.copies import copy_backups, uncopied
from studio_core.backups.create import create_full_backup
from studio_core.backups.drill import drill
from studio_core.backups.due import BACKUP_HOUR, DRILL_HOUR, BackupCalendar, backup_calendar
from studio_core.backups.retention import removable, remove_expendable
from studio_core.observability import get_logger
from studio_core.settings.queries import studio_zone

_log = get_logger(__name__)


def _backup_due(work: Work) -> str | None:
    day = _calendar(work).backup_due(work.clock.now(), work.clock.offset)
    return None if day is None else day.isoformat()


def _back_up(work: Work) -> None:
    create_full_backup(
        work.database, directory=work.settings.backup_dir, cancelled=work.stopping.is_set
    )


def _drill_due(work: Work) -> str | None:
    day = _calendar(work).drill_due(work.clock.now(), work.clock.offset)
    return None if day is None else day.isoformat()


def _drill(work: Work) -> None:
    settings = work.settings
    places = (settings.backup_dir, settings.backup_copy_dir)
    drill(work.database, places=places, cancelled=work.stopping.is_set)


def _copies_due(work: Work) -> str | None:
    """The day's, so that a disk that was away is tried again the next day."""
    if work.settings.backup_copy_dir is None:
        return None
    with work.database.transaction() as session:
        if not uncopied(session, work.settings.backup_dir):
            return None
        return work.clock.now().astimezone(studio_zone(session)).date().isoformat()


def _copy(work: Work) -> None:
    settings = work.settings
    assert settings.backup_copy_dir is not None
    copied = copy_backups(
        work.database,
        directory=settings.backup_dir,
        copy_dir=settings.backup_copy_dir,
        cancelled=work.stopping.is_set,
    )
    _log.info("backups_copied", files=copied)


def _tidying_due(work: Work) -> str | None:
    now = work.clock.now()
    with work.database.transaction() as session:
        if not removable(session, work.settings.backup_copy_dir, now):
            return None
        return now.astimezone(studio_zone(session)).date().isoformat()


def _tidy(work: Work) -> None:
    settings = work.settings
    removed = remove_expendable(
        work.database,
        directory=settings.backup_dir,
        copy_dir=settings.backup_copy_dir,
        now=work.clock.now(),
    )
    _log.info("backups_removed", files=removed)


def _calendar(work: Work) -> BackupCalendar:
    with work.database.transaction() as session:
        return backup_calendar(session)


DAILY_BACKUP = Chore(
    name="daily backup",
    title="chore_daily_backup",
    alert="backup_failed",
    at={"hour": BACKUP_HOUR, "minute": 0},
    due=_backup_due,
    do=_back_up,
)
BACKUP_COPIES = Chore(
    name="copies of backups",
    title="chore_backup_copies",
    alert="backup_failed",
    at={"minute": 30},
    due=_copies_due,
    do=_copy,
)
OLD_BACKUPS = Chore(
    name="tidying of backups",
    title="chore_old_backups",
    alert="backup_failed",
    at={"hour": BACKUP_HOUR, "minute": 45},
    due=_tidying_due,
    do=_tidy,
)
WEEKLY_DRILL = Chore(
    name="weekly drill",
    title="chore_weekly_drill",
    alert="drill_failed",
    at={"day_of_week": "sun", "hour": DRILL_HOUR, "minute": 0},
    due=_drill_due,
    do=_drill,
)
