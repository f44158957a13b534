"""Questions that must be answered in time, whatever state the database or the network is in.

The ordinary connections trust the server to end what takes too long. One that is stopped, or
behind a network that swallows packets, ends nothing: here the waiting itself is bounded.
"""

import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE
from psycopg2.extras import RealDictCursor
from sqlalchemy import URL

from studio_core.db.address import connect_arguments, normalise_url
from studio_core.db.errors import translating
from studio_core.db.measured import MeasuredConnection
from studio_core.errors import UnavailableError
from studio_core.observability.statements import PROCESS_WATCH, StatementWatch


class Probe:
    """One connection that answers before a deadline or not at all. Reads only."""

    def __init__(self, connection: MeasuredConnection, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def row(self, question: str, parameters: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The first row by column names; empty where there is none."""
        rows = self.rows(question, parameters)
        return rows[0] if rows else {}

    def rows(
        self, question: str, parameters: Mapping[str, object] | None = None
    ) -> list[dict[str, Any]]:
        with translating():
            cursor = self._connection.cursor(cursor_factory=RealDictCursor)
            cursor.execute(question, parameters)
            # Such a connection only sends; the statement takes until the answer is here.
            self._connection.measure(question, self._wait)
            return [dict(row) for row in cursor.fetchall()]

    def close(self) -> None:
        self._connection.close()

    def connected(self) -> None:
        """Waits until the server has let us in."""
        with translating():
            self._wait()
        self._connection.settled()

    def _wait(self) -> None:
        while True:
            state = self._connection.poll()
            if state == POLL_OK:
                return
            descriptor = self._connection.fileno()
            left_s = self._deadline - time.monotonic()
            readers = [descriptor] if state == POLL_READ else []
            writers = [descriptor] if state == POLL_WRITE else []
            if left_s <= 0 or not any(select.select(readers, writers, [], left_s)):
                raise UnavailableError("database_no_answer")


@contextmanager
def probing(
    url: URL | str,
    *,
    application_name: str,
    within_s: float,
    watch: StatementWatch = PROCESS_WATCH,
) -> Iterator[Probe]:
    """A probe with so many seconds for all it asks, connecting included.

    Raises what connecting raises, and UnavailableError("database_no_answer").
    """
    deadline = time.monotonic() + within_s
    address = normalise_url(url)
    asked = {
        **connect_arguments(address),
        "application_name": application_name,
        "options": _options(address, within_s),
    }
    with translating():
        connection: Any = psycopg2.connect(
            **asked, async_=True, connection_factory=partial(MeasuredConnection, watch)
        )
    probe = Probe(connection, deadline)
    try:
        probe.connected()
        yield probe
    finally:
        probe.close()


def _options(address: URL, within_s: float) -> str:
    """What is still running when we have stopped waiting ends on the server, too."""
    given = address.query.get("options", "")
    limit_ms = max(1, round(within_s * 1000))
    return (
        f"{given} -c TimeZone=UTC -c statement_timeout={limit_ms}"
        f" -c default_transaction_read_only=on"
    ).strip()
