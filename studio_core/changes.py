"""Which rows a committed transaction touched, as the database announces it."""

import json
from dataclasses import dataclass
from typing import Self

CHANNEL = "studio_changes"
_KEYS = range(-(2**63), 2**63)
"""What the database takes for a key; a number beyond would fail whoever looks it up."""


@dataclass(frozen=True, slots=True)
class TableChange:
    """ids: the rows touched, or None for "many, read again"."""

    table: str
    ids: tuple[int, ...] | None = None

    @classmethod
    def from_payload(cls, payload: str) -> Self | None:
        """None for a payload that is not ours: any role may send on a channel."""
        try:
            told = json.loads(payload)
        except ValueError:
            return None
        if not isinstance(told, dict) or not isinstance(told.get("table"), str):
            return None
        ids = told.get("ids")
        if ids is None:
            return cls(told["table"])
        if not isinstance(ids, list):
            return None
        if not all(type(row_id) is int and row_id in _KEYS for row_id in ids):
            return None
        return cls(told["table"], tuple(ids))
