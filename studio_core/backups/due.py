"""When a backup and a trial of one are due, by the studio's clock: told by what is on record, so
that it makes no difference who looks, nor whether anybody looked at the hour itself."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.extrato.models import FullBackup
from studio_core.settings.queries import studio_zone

BACKUP_HOUR, DRILL_HOUR = 3, 4
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class BackupCalendar:
    """first, newest: when the oldest backup that is kept, and the newest, were made. drilled:
    the last trial of any."""

    zone: ZoneInfo
    first: datetime | None
    newest: datetime | None
    drilled: datetime | None

    def backup_due(self, now: datetime, offset: timedelta = timedelta()) -> date | None:
        """The day whose backup is missing. now: by a clock that the offset was added to."""
        bell = self._bell(now, BACKUP_HOUR)
        made = self.newest is not None and self.newest + offset >= bell
        return None if made else bell.date()

    def drill_due(self, now: datetime, offset: timedelta = timedelta()) -> date | None:
        """The Sunday whose trial is missing; none before there is a backup to try."""
        bell = self._bell(now, DRILL_HOUR, _SUNDAY)
        there = self.first is not None and self.first + offset < bell
        done = self.drilled is not None and self.drilled + offset >= bell
        return bell.date() if there and not done else None

    def _bell(self, now: datetime, hour: int, weekday: int | None = None) -> datetime:
        """The last time that it was that hour by the clock on the studio's wall."""
        at_studio = now.astimezone(self.zone)
        day = at_studio.date()
        if at_studio.time() < time(hour):
            day -= timedelta(days=1)
        if weekday is not None:
            day -= timedelta(days=(day.weekday() - weekday) % 7)
        return datetime.combine(day, time(hour), self.zone)


def backup_calendar(session: Session) -> BackupCalendar:
    """What is on record now. Raises RuleError("bad_setting") for a zone that is none."""
    kept = FullBackup.removed_at.is_(None)
    first, newest, drilled = session.execute(
        select(
            func.min(FullBackup.created_at).filter(kept),
            func.max(FullBackup.created_at).filter(kept),
            func.max(FullBackup.drilled_at),
        )
    ).one()
    return BackupCalendar(studio_zone(session), first, newest, drilled)
