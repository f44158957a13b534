"""Which statements took too long: measured where connections are made, told to one listener.

The measuring side (studio_core/db/measured.py) costs two looks at the clock. What it finds waits
in a bounded queue for a thread that may take its time (studio_core/alerts/reporting.py).
"""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, Full, Queue

from studio_core.observability.correlation import correlation_id
from studio_core.observability.route import acting_role, route

_CAPACITY = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a connection leads, and as which login; nothing that is secret."""

    host: str | None
    port: int | None
    database: str | None
    login: str | None

    def __str__(self) -> str:
        return f"{self.host or '-'}:{self.port or '-'}/{self.database or '-'}"


@dataclass(frozen=True, slots=True)
class SlowStatement:
    """One execution. text: as the driver was given it, so never shown before without_values()."""

    text: str = field(repr=False)
    took_s: float
    limit_s: float
    failed: bool
    place: Place
    at: datetime
    correlation_id: str | None
    route: str | None
    acting_role: str | None


class StatementWatch:
    """How long a statement may take, and those that took longer.

    limit_s: infinite while nobody listens or the studio wants no alerts; it may change at any time.
    """

    def __init__(self, capacity: int = _CAPACITY) -> None:
        self.limit_s = math.inf
        self._found: Queue[SlowStatement | None] = Queue(capacity)
        self._lost = 0

    def tell(self, text: str, took_s: float, place: Place, *, failed: bool) -> None:
        """Called by whoever waited for the statement: never waits itself, and never raises."""
        slow = SlowStatement(
            text=text,
            took_s=took_s,
            limit_s=self.limit_s,
            failed=failed,
            place=place,
            at=datetime.now(UTC),
            correlation_id=correlation_id(),
            route=route(),
            acting_role=acting_role(),
        )
        try:
            self._found.put_nowait(slow)
        except Full:
            self._lost += 1

    def wake(self) -> None:
        """Lets the listener look up although nothing was slow."""
        try:
            self._found.put_nowait(None)
        except Full:
            pass  # It is awake.

    def next(self, wait_s: float) -> SlowStatement | None:
        """For the one listener: the oldest that was told; None after waiting, or when woken."""
        try:
            return self._found.get(timeout=wait_s) if wait_s > 0 else self._found.get_nowait()
        except Empty:
            return None

    def take_lost(self) -> int:
        """How many found no room since the last call."""
        lost, self._lost = self._lost, 0
        return lost


PROCESS_WATCH = StatementWatch()
"""What every connection is measured by unless it is given another: as with the root of the log,
whoever opens a connection need not know who listens, nor whether anybody does."""
