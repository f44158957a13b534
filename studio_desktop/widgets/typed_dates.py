"""Dates as people type them at a desk."""

import re
from datetime import date, timedelta

from studio_core.errors import RuleError

_WORDS = {
    "hoje": 0,
    "today": 0,
    "ontem": -1,
    "yesterday": -1,
    "amanhã": 1,
    "amanha": 1,
    "tomorrow": 1,
}
_PARTS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def parse_day(text: str, today: date) -> date | None:
    """12/9, 12/09/25, 12092025, 2025-09-12, hoje, ontem, +2, -1; None for nothing typed.

    Without a year the one that brings the day nearest to today. Raises RuleError("date_malformed").
    """
    typed = text.strip().lower()
    if not typed:
        return None
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    if re.fullmatch(r"[+-]\d{1,3}", typed):
        return today + timedelta(days=int(typed))
    iso = _ISO.fullmatch(typed)
    match = iso or _PARTS.fullmatch(typed) or _RUN.fullmatch(typed)
    if match is None:
        raise RuleError("date_malformed", text=text.strip())
    try:
        if iso is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
        return _with_year(int(match[1]), int(match[2]), match[3], today)
    except ValueError:
        raise RuleError("date_malformed", text=text.strip()) from None


def _with_year(day: int, month: int, year: str | None, today: date) -> date:
    if year is not None:
        number = int(year)
        if len(year) == 2:
            # A birth year such as 96 lies behind us, 26 is meant as this century.
            number += 2000 if number <= today.year % 100 + 10 else 1900
        return date(number, month, day)
    near = []
    for number in (today.year - 1, today.year, today.year + 1):
        try:
            near.append(date(number, month, day))
        except ValueError:
            continue  # 29/2 stands only in some years.
    if not near:
        raise ValueError("no such day")
    return min(near, key=lambda one: abs(one - today))
