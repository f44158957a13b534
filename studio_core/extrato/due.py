"""Which months the server should have closed by now, by the studio's own calendar.

A month is due on the 1st of the next one at 02:00. Last month is, and so are months with entries
between it and the newest month that was ever closed: nobody was there to close them. A studio that
never closed a month begins with last month, once its books hold anything. A month that somebody
opened again is theirs to close.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.months import Month

DUE_DAY = 1
DUE_HOUR = 2

DUE_QUESTION = """
SELECT studio.zone() AS zone,
       (SELECT array_agg(DISTINCT year * 100 + month) FROM extratos) AS ever_closed,
       (SELECT array_agg(year * 100 + month) FROM extratos WHERE superseded_at IS NULL) AS closed,
       (SELECT array_agg(to_char(m.month_start, 'YYYYMM')::integer)
        FROM accounting_months m,
             LATERAL (SELECT (m.month_start + interval '1 month')::date AS after) AS bounds
        WHERE m.month_start <= studio.today() AND m.state = 'open'
          AND (EXISTS (SELECT FROM payments WHERE paid_on >= m.month_start AND paid_on < after)
               OR EXISTS (SELECT FROM expenses WHERE spent_on >= m.month_start
                          AND spent_on < after))) AS holding
"""
"""One row, as Calendar.from_row takes it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What decides which months are due. holding: open months with entries."""

    zone: ZoneInfo
    ever_closed: frozenset[Month]
    closed: frozenset[Month]
    holding: frozenset[Month]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            ZoneInfo(str(row["zone"])),
            _months(row["ever_closed"]),
            _months(row["closed"]),
            _months(row["holding"]),
        )

    def last_month(self, now: datetime) -> Month:
        """The newest month whose hour of closing has come. now: with its own zone."""
        at_studio = now.astimezone(self.zone).replace(tzinfo=None)
        # Wall-clock hours: where the clocks change, 02:00 is still what the clock on the wall says.
        return Month.of((at_studio - timedelta(hours=DUE_HOUR)).date()).previous()

    def due(self, now: datetime) -> tuple[Month, ...]:
        """The months to close, oldest first."""
        last = self.last_month(now)
        if not self._begun(last):
            return ()
        newest = max(self.ever_closed, default=last)
        missed = {month for month in self.holding if newest < month < last}
        return tuple(sorted(missed | ({last} - self.ever_closed)))

    def overdue(self, now: datetime) -> Month | None:
        """Last month, when it should be closed and is not, for whatever reason."""
        last = self.last_month(now)
        return last if self._begun(last) and last not in self.closed else None

    def _begun(self, month: Month) -> bool:
        """Whether there were books by the end of a month."""
        return any(held <= month for held in self.ever_closed | self.holding)


def calendar(session: Session) -> Calendar:
    """The studio's calendar as it is now."""
    return Calendar.from_row(session.execute(text(DUE_QUESTION)).one()._asdict())


def _months(numbers: Iterable[int] | None) -> frozenset[Month]:
    return frozenset(Month(number // 100, number % 100) for number in numbers or ())
