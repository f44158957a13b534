"""Where in the program an action was asked for, and as whom it acts in the database.

Beside the correlation id: a screen, a command, a chore or an HTTP route, for the alerts that say
where a slow statement came from. A thread starts without either, as it does without an id.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_route: ContextVar[str | Callable[[], str] | None] = ContextVar("route", default=None)
_acting_role: ContextVar[str | None] = ContextVar("acting_role", default=None)


def route() -> str | None:
    """The place whose action is in progress, None outside of any."""
    where = _route.get()
    return where() if callable(where) else where


@contextmanager
def at_route(where: str | Callable[[], str]) -> Iterator[None]:
    """where: its name, or how to learn it: an HTTP route is known only once the request is in it.

    Never a value that somebody typed: an HTTP route is its pattern.
    """
    token = _route.set(where)
    try:
        yield
    finally:
        _route.reset(token)


def acting_role() -> str | None:
    """The role that SET ROLE made of the login, None where the login acts as itself."""
    return _acting_role.get()


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """For whoever says SET ROLE: nothing in the driver tells of it afterwards."""
    token = _acting_role.set(role)
    try:
        yield
    finally:
        _acting_role.reset(token)
