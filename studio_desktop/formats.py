"""How values read: money, counts, dates and months, the same on every screen.

Money, numbers and dates are Brazilian in both languages: it is one studio with one set of books.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QLocale

MINUS = "−"
CURRENCY = "R$"
DOT = " · "
_TOLD_SIZE = re.compile(r"(\d+)(?:\.(\d))? (GB|MB|kB|bytes)")
_BRAZILIAN = str.maketrans(",.", ".,")


def money(amount: Decimal) -> str:
    """R$ 1.234,56 with a true minus; the space does not break."""
    return f"{MINUS if amount < 0 else ''}{CURRENCY}\N{NO-BREAK SPACE}{figure(abs(amount))}"


def figure(amount: Decimal) -> str:
    """1.234,56, for fields and for cells that paint the currency apart."""
    text = f"{abs(amount):,.2f}".translate(_BRAZILIAN)
    return f"{MINUS}{text}" if amount < 0 else text


def count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def percent(number: Decimal) -> str:
    """40 %, 37,5 %."""
    text = f"{number.normalize():f}".replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}%"


def size(number: int) -> str:
    """Bytes as a person reads them: 812 bytes, 4,1 kB, 12,3 MB."""
    for unit, scale in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if number >= scale:
            whole, tenth = divmod(number * 10 // scale, 10)
            return _quantity(whole, str(tenth), unit)
    return _quantity(number, "", "bytes")


def told_size(text: str) -> str | None:
    """A size that the core wrote down ("70.5 GB"), as size() writes it; None for other words."""
    found = _TOLD_SIZE.fullmatch(text)
    return _quantity(int(found[1]), found[2] or "", found[3]) if found else None


def _quantity(whole: int, tenth: str, unit: str) -> str:
    number = f"{count(whole)},{tenth}" if tenth else count(whole)
    return f"{number}\N{NO-BREAK SPACE}{unit}"


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def day_and_time(value: datetime) -> str:
    """value: already in the studio's zone."""
    return value.strftime("%d/%m/%Y %H:%M")


def to_the_second(value: datetime) -> str:
    """value: already in the studio's zone."""
    return value.strftime("%d/%m/%Y %H:%M:%S")


def month(year: int, number: int, locale: QLocale | None = None) -> str:
    """September 2025 / setembro de 2025."""
    spoken = locale or QLocale()
    joint = " de " if spoken.language() == QLocale.Language.Portuguese else " "
    return f"{spoken.monthName(number)}{joint}{year}"


def duration(seconds: float) -> str:
    """About how long, rounded up: 8 s, 3 min, 2 h."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if seconds < 3600:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.0f} h"


def summary(parts: Iterable[str]) -> str:
    """One line of a page header: the parts that say something, a dot between."""
    return DOT.join(part for part in parts if part)


def initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
