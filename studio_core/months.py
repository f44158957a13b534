"""Accounting months and the studio's own calendar day."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from studio_core.errors import RuleError

_LABEL = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One accounting month. Raises RuleError when year (2000–2100) or month is out of range."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 2000 <= self.year <= 2100:
            raise RuleError("year_out_of_range")
        if not 1 <= self.month <= 12:
            raise RuleError("month_out_of_range")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month written as "2025-09"."""
        found = _LABEL.fullmatch(text.strip())
        if found is None:
            raise RuleError("month_malformed", text=text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.first_day_after - timedelta(days=1)

    @property
    def first_day_after(self) -> date:
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)

    @property
    def label(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def previous(self) -> "Month":
        return Month.of(self.first_day - timedelta(days=1))

    def is_over(self, day: date) -> bool:
        return day >= self.first_day_after

    def __str__(self) -> str:
        return self.label


def today(zone: ZoneInfo) -> date:
    """The calendar day at the studio, whatever zone this computer is set to."""
    return datetime.now(UTC).astimezone(zone).date()
