"""What is typed into a form of the ledger: kept, and brought together with somebody else's change.

It is a frozen dataclass whose parts are text, or None or an int for something chosen.
"""

import dataclasses
from typing import Any, TypeVar

from studio_desktop.forms.typed import changed_fields

T = TypeVar("T")


def as_kept(typed: Any) -> dict[str, Any]:
    return dataclasses.asdict(typed)


def from_kept(kind: type[T], kept: dict[str, Any]) -> T:
    """Whatever of it is still understood. What is chosen by an id is named "…_id"."""
    declared: Any = kind
    names = {field.name for field in dataclasses.fields(declared)}
    taken = {
        name: value
        for name, value in kept.items()
        if name in names and isinstance(value, int if name.endswith("_id") else str)
    }
    return kind(**taken)


def merged(typed: Any, before: Any, now: Any) -> Any:
    """What the person changed stays; the rest follows what somebody else made of it meanwhile.

    A part and its id ("client", "client_id") go together.
    """
    changed = {name.removesuffix("_id") for name in changed_fields(before, typed)}
    mine = {
        name: value for name, value in as_kept(typed).items() if name.removesuffix("_id") in changed
    }
    return dataclasses.replace(now, **mine)
