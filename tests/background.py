"""Work on another thread, and waiting for what the database itself says of it."""

import threading
from collections.abc import Callable
from typing import Any

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
