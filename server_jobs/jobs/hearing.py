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

# How soon a stop is noticed, how often we look without having heard, and wait after a failure.
_STOP_S, _LOOK_S, _RETRY_S = 0.5, 15.0, 3.0


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
    ) -> None:
        """name: for the thread, its connection, the log and the alerts. do: decides itself whether
        there is anything to do. begin: before the first of it, each time it listens anew."""
        self._work, self._name, self._table = work, name, table
        self._do, self._begin = do, begin
        self._thread = threading.Thread(target=self._run, name=f"studio-{name}", daemon=True)
        self._last_refusal: str | None = None

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
        next_look = time.monotonic()  # What came while nobody listened is looked for at once.
        while not self._work.stopping.is_set():
            if time.monotonic() >= next_look:
                self._do(self._work)
                next_look = time.monotonic() + _LOOK_S
            heard = bool(select.select([listener.fileno()], [], [], _STOP_S)[0])
            if heard and any(change.table == self._table for change in listener.poll()):
                next_look = time.monotonic()
