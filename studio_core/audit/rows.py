"""What the audit says of one change, as a list and a detail show it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

BOOKKEEPING = frozenset({"version", "created_at", "created_by", "updated_at", "updated_by"})
"""Columns that change with every write and say nothing about what was meant."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which changes; every condition narrows.

    first, last: days at the studio, both included. by_programs: those that no person made.
    words: all of them begin a word of the values, before or after, or of a column's name.
    """

    first: date | None = None
    last: date | None = None
    user_id: int | None = None
    by_programs: bool = False
    table: str | None = None
    row_key: str | None = None
    action: str | None = None
    correlation_id: str | None = None
    words: str = ""


@dataclass(frozen=True)
class AuditRow:
    """One change of one row, or one closing or reopening of a month.

    person: whose rights it was made with, None for a program's own. login_role: who was connected;
    acting_role: under whose rights, the same unless the API acted for somebody.
    before, after: the values; of an update only what differs. None where there is no such side.
    identity_before, identity_after: a client's identifying values, kept apart; None where this
    change has none, or once they were erased. identity_erased: there were some.
    """

    id: int
    at: datetime
    table: str
    row_key: str
    action: str
    person: str | None
    login_role: str
    acting_role: str
    correlation_id: str | None
    before: Values | None
    after: Values | None
    identity_before: Values | None
    identity_after: Values | None
    identity_erased: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that say what was meant, identifying ones first; then the bookkeeping."""
        sides = (self.identity_before, self.identity_after, self.before, self.after)
        named = dict.fromkeys(name for side in sides if side for name in side)
        return (
            *(name for name in named if name not in BOOKKEEPING),
            *(name for name in named if name in BOOKKEEPING),
        )

    def was(self, field: str) -> Any:
        return _value(field, self.identity_before, self.before)

    def is_now(self, field: str) -> Any:
        return _value(field, self.identity_after, self.after)

    def is_identity(self, field: str) -> bool:
        """Whether a field is kept apart."""
        return any(side and field in side for side in (self.identity_before, self.identity_after))


def parsed(stored: str | None) -> Values | None:
    """The values of a stored change; numbers stay decimals, to the last zero."""
    if stored is None:
        return None
    values = json.loads(stored, parse_float=Decimal)
    return values if isinstance(values, dict) else None


def _value(field: str, *sides: Values | None) -> Any:
    return next((side[field] for side in sides if side and field in side), None)
