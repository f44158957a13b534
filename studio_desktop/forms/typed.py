"""What is typed into a form, a frozen dataclass, held against what was there before."""

import dataclasses
from typing import Any


def changed_fields(before: Any, now: Any) -> tuple[str, ...]:
    """The names of the fields that differ, in the order of the form."""
    names = (field.name for field in dataclasses.fields(now))
    return tuple(name for name in names if getattr(before, name) != getattr(now, name))


def merged(mine: Any, before: Any, theirs: Any) -> Any:
    """What I changed stays; the rest follows what somebody else made of it meanwhile."""
    kept = {name: getattr(mine, name) for name in changed_fields(before, mine)}
    return dataclasses.replace(theirs, **kept)
