"""First days of months on which a studio's clock does something, and some on which it does not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class FirstDay:
    """The 1st of a month in a zone. what: for the test report."""

    what: str
    zone: str
    day: date

    def begins(self) -> datetime:
        """The first instant of that day, found by looking at the clock minute by minute."""
        return self._first(lambda at_studio: at_studio.date() == self.day)

    def shows(self, hour: int) -> datetime:
        """The first instant at which the clock on the wall shows that hour of the day or later."""
        wanted = (self.day, hour)
        return self._first(lambda at_studio: (at_studio.date(), at_studio.hour) >= wanted)

    def _first(self, found: Callable[[datetime], bool]) -> datetime:
        zone = ZoneInfo(self.zone)
        instant = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        instant -= timedelta(days=1)
        while not found(instant.astimezone(zone)):
            instant += timedelta(minutes=1)
        return instant


FIRST_DAYS = (
    FirstDay("no_summer_time", "America/Sao_Paulo", date(2025, 10, 1)),
    FirstDay("summer_time_of_before", "America/Sao_Paulo", date(2018, 12, 1)),
    FirstDay("midnight_skipped_within_the_month", "America/Sao_Paulo", date(2018, 11, 1)),
    FirstDay("change_on_the_last_day", "Europe/Lisbon", date(2024, 4, 1)),
    FirstDay("change_on_the_1st_at_2", "America/New_York", date(2020, 11, 1)),
    FirstDay("hour_2_missing_on_the_1st", "America/New_York", date(2001, 4, 1)),
    FirstDay("hour_2_twice_on_the_1st", "Australia/Sydney", date(2018, 4, 1)),
    FirstDay("midnight_missing_on_the_1st", "America/Asuncion", date(2023, 10, 1)),
    FirstDay("midnight_twice_on_the_1st", "America/Havana", date(2020, 11, 1)),
    FirstDay("far_ahead_of_everybody", "Pacific/Kiritimati", date(2025, 10, 1)),
)
