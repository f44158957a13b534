"""What a column shows and how its cells are painted."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from studio_desktop import formats

R = TypeVar("R")

Tone = Literal["neutral", "accent", "success", "warning", "danger"]


class CellKind(enum.Enum):
    """The value a cell of this kind holds stands behind it."""

    TEXT = "text"  # str
    STRONG = "strong"  # str, semibold: the name one looks for
    QUIET = "quiet"  # str in the secondary colour
    REMARK = "remark"  # the same, and never struck: it says why a row is
    DATE = "date"  # date, or datetime already in the studio's zone
    NUMBER = "number"  # int
    MONEY = "money"  # Decimal
    MONEY_STRONG = "money_strong"  # Decimal, semibold: a total
    PERCENT = "percent"  # Decimal
    BADGES = "badges"  # a Badge, a tuple of them, or None
    DOT = "dot"  # Dotted or None: a person with a colour


RIGHT_ALIGNED = frozenset(
    {CellKind.NUMBER, CellKind.MONEY, CellKind.MONEY_STRONG, CellKind.PERCENT}
)


@dataclass(frozen=True)
class Badge:
    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Quiet:
    """Words in place of a value that is not there, such as the name of a walk-in."""

    text: str


@dataclass(frozen=True)
class Dotted:
    """A name with the colour of its artist; the name always stands beside. Without a colour only
    the name, under those that have one."""

    text: str
    colour: str | int | None


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column. value: from the row, of the kind's type; None shows nothing.

    width: logical pixels; None shares what is left, by stretch. order: what to sort by when the
    header is clicked (passed to the query), None for a column that cannot be sorted.
    hide_below: the column gives way in a table narrower than this, as when a side panel opens.
    """

    title: str
    value: Callable[[R], Any]
    kind: CellKind = CellKind.TEXT
    width: int | None = None
    stretch: int = 1
    order: str | None = None
    hide_below: int = 0


def text_of(value: object) -> str:
    """A cell as words: for screen readers, copying and measuring."""
    match value:
        case None:
            return ""
        case Decimal():
            return formats.money(value)
        case datetime():
            return formats.day_and_time(value)
        case date():
            return formats.day(value)
        case Badge() | Dotted() | Quiet():
            return value.text
        case tuple():
            return ", ".join(text_of(one) for one in value)
        case int():
            return formats.count(value)
        case _:
            return str(value)
