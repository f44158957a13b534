"""How long backups of the whole database are kept. Backups of months are kept for good.

All of today and yesterday, the newest of each day for two weeks, of each week for eight, of each
month for two years; beside them always the newest of all, and the newest that passed a trial.
"""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.backups.file import SUFFIX
from studio_core.backups.records import FullBackupRow, full_backups, note_removed
from studio_core.db.engine import Database
from studio_core.settings.queries import studio_zone
from studio_core.whole_files import writing_errors

ALL_OF_DAYS, DAYS, WEEKS, MONTHS = 2, 14, 8, 24


def expendable(
    rows: Sequence[FullBackupRow], now: datetime, zone: ZoneInfo
) -> tuple[FullBackupRow, ...]:
    """The backups that are kept no longer, oldest first. rows: those that were not removed."""
    today = now.astimezone(zone).date()
    newest_first = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)
    kept = {row.id for row in newest_first[:1]}
    kept |= {row.id for row in [row for row in newest_first if row.proved][:1]}
    taken: set[Hashable] = set()
    for row in newest_first:
        day = row.created_at.astimezone(zone).date()
        periods = set(_periods(day, today))
        if (today - day).days < ALL_OF_DAYS or not periods <= taken:
            kept.add(row.id)
        taken |= periods
    return tuple(row for row in reversed(newest_first) if row.id not in kept)


def removable(session: Session, copy_dir: Path | None, now: datetime) -> tuple[FullBackupRow, ...]:
    """The expendable ones that can be removed now, oldest first: one whose copy is out of reach
    stays on record until its place is back."""
    old = expendable(full_backups(session), now, studio_zone(session))
    reachable = copy_dir is None or copy_dir.is_dir()
    return tuple(
        row for row in old if (reachable or row.copied_at is None) and _is_plain(row.file_name)
    )


def remove_expendable(
    database: Database, *, directory: Path, copy_dir: Path | None, now: datetime | None = None
) -> tuple[str, ...]:
    """Removes them from both places and from the record of what there is; their names.

    No file is touched that is not on record under its very name. now: by default the database's.
    Raises StudioError("cannot_write").
    """
    with database.transaction() as session:
        moment = now or session.execute(select(func.clock_timestamp())).scalar_one()
        old = removable(session, copy_dir, moment)
    removed: list[FullBackupRow] = []
    try:
        for row in old:
            for place in (directory, copy_dir):
                if place is not None:
                    with writing_errors(place):
                        (place / row.file_name).unlink(missing_ok=True)
            removed.append(row)
    finally:
        if removed:
            with database.transaction() as session:
                note_removed(session, [row.id for row in removed])
    return tuple(row.file_name for row in removed)


def _periods(day: date, today: date) -> Iterator[Hashable]:
    """Of which a backup of that day may be the newest: those that still count."""
    monday, this_monday = (each - timedelta(days=each.weekday()) for each in (day, today))
    if (today - day).days < DAYS:
        yield "day", day
    if (this_monday - monday).days // 7 < WEEKS:
        yield "week", monday
    if (today.year - day.year) * 12 + today.month - day.month < MONTHS:
        yield "month", day.year, day.month


def _is_plain(name: str) -> bool:
    return Path(name).name == name and name.endswith(SUFFIX)
