"""Work on another thread, and waiting for what the database itself says of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from studio_core.db.engine import Database
from tests.books import Reader

_SOMEBODY_WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


class Background(threading.Thread):
    """Work on another thread; result() gives what it returned or raises what it raised."""

    def __init__(self, work: Any) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._outcome: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._outcome = self._work()
        except BaseException as error:  # noqa: BLE001  Raised again by result().
            self._error = error

    def result(self) -> Any:
        self.join(60)
        assert not self.is_alive()
        if self._error is not None:
            raise self._error
        return self._outcome


def wait_until(question: Callable[[], object], told: str = "it never came to be") -> None:
    """Blocks until something is true."""
    pause = threading.Event()
    for _ in range(3000):
        if question():
            return
        pause.wait(0.01)
    raise AssertionError(told)


def until(books: Reader, question: str, told: str = "it never came to be") -> None:
    """Blocks until the database answers a question with something true."""
    wait_until(lambda: books.value(question), told)


def until_somebody_waits(books: Reader) -> None:
    """Blocks until a backend waits for a lock, as PostgreSQL itself says."""
    until(books, _SOMEBODY_WAITS, "nobody waits")


@contextmanager
def table_kept_for_longer_than_a_second(books: Reader, table: str) -> Iterator[None]:
    """Locked until whoever waits for it has waited so long; fails when nobody does."""
    waited = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '1300ms'"
    )
    locked, over = threading.Event(), threading.Event()

    def keep() -> None:
        with (
            Database(books.database.url, application_name="keeper", pool_size=1) as other,
            other.transaction() as session,
        ):
            session.execute(text(f"LOCK {table} IN ACCESS EXCLUSIVE MODE"))
            locked.set()
            # Asked elsewhere: in one transaction the server's activity stands still.
            wait_until(lambda: over.is_set() or books.value(waited))
            assert not over.is_set(), "it came through without that table"

    keeper = Background(keep)
    assert locked.wait(10)
    try:
        yield
    finally:
        over.set()
        keeper.result()
