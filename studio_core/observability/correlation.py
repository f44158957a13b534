"""One short id for one user action or one run of a job.

It stands in every log line, in the audit rows and in the connection's application_name. A thread
starts without one: whoever hands work to a thread passes the id on and enters it there again.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("correlation_id", default=None)


def correlation_id() -> str | None:
    """The id of the action in progress, None outside of any."""
    return _current.get()


@contextmanager
def correlation(known_id: str | None = None) -> Iterator[str]:
    """Everything logged inside carries the id; without known_id a new one of 12 hex digits."""
    the_id = known_id or uuid.uuid4().hex[:12]
    token = _current.set(the_id)
    try:
        yield the_id
    finally:
        _current.reset(token)
