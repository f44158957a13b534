"""The clock that the scheduled jobs go by."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """offset: what is added to the true time, in tests and proofs.

    The database refuses a month that is not over by its own time, whatever this clock says. So
    set it back, to just before the 1st of the running month: when 02:00 comes by this clock, last
    month is over by both.
    """

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC) + self.offset

    def shown(self, instant: datetime) -> datetime:
        """What this clock shows at an instant of the true time, in UTC."""
        # In a zone that changes its clocks, adding would go by the wall and not by what passes.
        return instant.astimezone(UTC) + self.offset

    def true(self, shown: datetime) -> datetime:
        """The true time at which this clock shows that, in UTC."""
        return shown.astimezone(UTC) - self.offset
