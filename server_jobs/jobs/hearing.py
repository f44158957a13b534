"""A thread that does its work whenever a table changes, and looks at times without having heard."""

import select
import threading
import time
from collections.abc import Callable

from server_jobs.jobs.work import Work
from studio_core.db.listen import Listener
from studio_core.db.migrations import check_program
from studio_core.errors import StudioError
from studio_core.observability import at_route, get_logger

_log = get_logger(__name__)

# How soon a stop is noticed, and how long we wait after a failure.
_STOP_S, _RETRY_S = 0.5, 3.0


def _nothing(_work: Work) -> None:
    """Most have nothing to do before they listen."""


class Hearing:
    """Works until the work stops; a database that is away only makes it wait."""

    def __init__(
        self,
        work: Work,
        name: str,
        table: str,
        do: Callable[[Work], object],
        *,
        begin: Callable[[Work], object] = _nothing,
        look_s: float = 15.0,
        gather_s: float = 0.0,
    ) -> None:
        """name: for the thread, its connection, the log and the alerts. do: decides itself whether
        there is anything to do. begin: before the first of it, each time it listens anew.
        look_s: how often it looks without having heard. gather_s: how long it waits for more after
        it heard."""
        self._work, self._name, self._table = work, name, table
        self._do, self._begin = do, begin
        self._look_s, self._gather_s = look_s, gather_s
        self._thread = threading.Thread(target=self._run, name=f"studio-{name}", daemon=True)
        self._last_refusal: str | None = None
        self._next_look_s = 0.0  # By the monotonic clock.

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Whether it ended within that time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._work.stopping.is_set():
            try:
                with at_route(self._name):
                    self._listen()
            except StudioError as error:
                # The database is away or not ready. Said once, and then when it changes.
                if error.code != self._last_refusal:
                    _log.warning(
                        "hearing_waits", of=self._name, code=error.code, sentence=str(error)
                    )
                self._last_refusal = error.code
            except Exception:  # noqa: BLE001 - the job loop goes on after a bug of ours.
                _log.exception("hearing_failed", of=self._name)
            self._work.stopping.wait(_RETRY_S)

    def _listen(self) -> None:
        with self._work.database.transaction() as session:
            check_program(session)
        listener = Listener(self._work.database.url, application_name=f"studio-jobs {self._name}")
        try:
            if self._last_refusal is not None:
                _log.info("hearing_again", of=self._name)
            self._last_refusal = None
            self._begin(self._work)
            self._work_until_stopped(listener)
        finally:
            listener.close()

    def _work_until_stopped(self, listener: Listener) -> None:
        # What came while nobody listened is looked for at once.
        self._next_look_s = time.monotonic()
        while not self._work.stopping.is_set():
            if time.monotonic() >= self._next_look_s:
                self._do(self._work)
                self._next_look_s = time.monotonic() + self._look_s
            wait_s = min(_STOP_S, max(0.0, self._next_look_s - time.monotonic()))
            if select.select([listener.fileno()], [], [], wait_s)[0]:
                self._heard({change.table for change in listener.poll()})

    def _heard(self, tables: set[str]) -> None:
        if self._table in tables:
            self._next_look_s = min(self._next_look_s, time.monotonic() + self._gather_s)
