"""The one thread of a program that tells of slow statements, and knows how slow is too slow.

Nobody waits for it: who ran the statement leaves it in the watch's queue and goes on. It writes on
connections of its own, which are not measured, and goes on when the database does not answer.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from studio_core.alerts.policy import SlowQueryPolicy, policy_in_force, studio_policy
from studio_core.alerts.slow_queries import Executions, SlowQuery, note_slow_queries
from studio_core.config import Settings, SettingsFile
from studio_core.db.engine import Database
from studio_core.db.migrations import check_program
from studio_core.errors import StudioError
from studio_core.observability import get_logger
from studio_core.observability.statements import (
    PROCESS_WATCH,
    Place,
    SlowStatement,
    StatementWatch,
)

_log = get_logger(__name__)

# How often it looks at the file and writes what was found; reads the studio's settings without
# having been told; tries again after the database did not answer.
_ROUND_S, _READ_S, _RETRY_S = 1.0, 30.0, 15.0
_MOST_STATEMENTS = 500
# The thread must not wait for long where the database has come to a stand.
_SERVER_LIMITS = "-c statement_timeout=5s -c lock_timeout=2s"


@dataclass(eq=False, slots=True)
class _Studio:
    """A database that slow statements are kept in, and whose settings say what is slow.

    address: asked anew each time, since a login may be renewed.
    """

    address: Callable[[], URL]
    keeps: bool
    found: dict[str, Executions] = field(default_factory=dict)


class SlowQueryReporter:
    """Tells of what the watch finds, from start() to close().

    The program's settings are read again whenever their file changes.
    """

    def __init__(
        self,
        file: SettingsFile,
        settings: Settings,
        *,
        program: str,
        watch: StatementWatch = PROCESS_WATCH,
    ) -> None:
        self._file = file
        self._settings = settings
        self._program = program
        self._watch = watch
        self._studio: _Studio | None = None
        self._left: list[_Studio] = []
        self._decided: SlowQueryPolicy | None = None
        self._policy = policy_in_force(settings, None)
        self._must_read = threading.Event()
        self._closing = threading.Event()
        self._next_round = self._next_read = self._next_try = 0.0
        self._last_refusal: str | None = None
        self._thread = threading.Thread(target=self._run, name="studio-alerts", daemon=True)

    @property
    def settings(self) -> Settings:
        """As the environment and the file last said."""
        return self._settings

    @property
    def policy(self) -> SlowQueryPolicy:
        """What holds at this moment."""
        return self._policy

    def start(self) -> None:
        self._decide()
        self._thread.start()

    def attach(
        self, database: Database, decided: SlowQueryPolicy | None = None, *, keeps: bool = True
    ) -> None:
        """From now on that studio's settings hold, and what is slow in its database is kept there.

        decided: its settings, where they have just been read. keeps: False only reads.
        Never waits.
        """
        self._leave()
        self._next_try, self._next_read = 0.0, time.monotonic() + _READ_S
        self._studio = _Studio(lambda: database.url, keeps)
        if decided is None:
            self.reread()
        else:
            self._decided = decided
            self._decide()

    def detach(self) -> None:
        """The studio is left; what was found is still written. Never waits."""
        self._leave()
        self._decided = None
        self._decide()
        self._watch.wake()

    def reread(self) -> None:
        """The studio's settings were changed. Never waits; for any thread."""
        self._must_read.set()
        self._watch.wake()

    def close(self, wait_s: float = 5.0) -> bool:
        """Tells what is left to tell; whether that was done in time."""
        self._closing.set()
        self._watch.limit_s = math.inf
        self._watch.wake()
        if self._thread.ident is not None:
            self._thread.join(wait_s)
        return not self._thread.is_alive()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            closing = self._closing.is_set()
            wait_s = 0.0 if closing else max(0.0, self._next_round - time.monotonic())
            try:
                slow = self._watch.next(wait_s)
                if slow is not None:
                    self._note(slow)
                if slow is None or time.monotonic() >= self._next_round:
                    self._next_round = time.monotonic() + _ROUND_S
                    self._look_round()
            except Exception:  # noqa: BLE001 - a job loop: a bug of ours must not end the alerts.
                _log.exception("alerts_failed")
            if closing and slow is None:
                return

    def _note(self, slow: SlowStatement) -> None:
        query = SlowQuery.of(slow)
        query.log()
        studio = self._studio
        if studio is None or not studio.keeps or not _leads_to(slow.place, studio.address()):
            return
        if query.fingerprint in studio.found:
            studio.found[query.fingerprint].add(query)
        elif len(studio.found) < _MOST_STATEMENTS:
            studio.found[query.fingerprint] = Executions(query)

    def _look_round(self) -> None:
        lost = self._watch.take_lost()
        if lost:
            _log.warning("slow_queries_not_told", count=lost)
        self._look_at_file()
        now = time.monotonic()
        if self._studio is not None and now >= self._next_read:
            self._must_read.set()
        if now >= self._next_try or self._closing.is_set():
            self._use_database()

    def _look_at_file(self) -> None:
        if not self._file.changed():
            return
        try:
            self._settings = self._file.load()
        except StudioError as error:
            # What was in force stays: nobody is stopped by a slip in an editor.
            _log.warning("settings_file_refused", sentence=str(error))
            return
        _log.info("settings_file_read")
        self._decide()

    def _use_database(self) -> None:
        try:
            for studio in [*self._left, *([self._studio] if self._studio is not None else [])]:
                must_read = studio is self._studio and self._must_read.is_set()
                if studio.found or must_read:
                    with _unmeasured(studio, self._program) as database:
                        if must_read:
                            self._read(studio, database)
                        self._write(studio, database)
                if studio in self._left:
                    self._left.remove(studio)
        except StudioError as error:
            if error.code != self._last_refusal:
                _log.info("alerts_waiting", code=error.code)
            self._last_refusal = error.code
            self._next_try = time.monotonic() + _RETRY_S
        else:
            self._last_refusal = None

    def _read(self, studio: _Studio, database: Database) -> None:
        self._must_read.clear()
        self._next_read = time.monotonic() + _READ_S
        try:
            with database.transaction() as session:
                check_program(session)
                decided = studio_policy(session)
        except StudioError as error:
            if error.code != "bad_setting":
                self._must_read.set()
                raise
            # Another version wrote what this one does not understand; what was in force stays.
            _log.warning("studio_setting_refused", sentence=str(error))
            return
        if studio is self._studio:
            self._decided = decided
            self._decide()

    def _write(self, studio: _Studio, database: Database) -> None:
        if not studio.found:
            return
        found, studio.found = studio.found, {}
        try:
            with database.transaction() as session:
                note_slow_queries(session, found.values(), program=self._program)
        except StudioError:
            studio.found = found
            raise

    def _leave(self) -> None:
        if self._studio is not None:
            self._left.append(self._studio)
        self._studio = None

    def _decide(self) -> None:
        before, self._policy = self._policy, policy_in_force(self._settings, self._decided)
        if self._policy != before:
            _log.info("slow_query_alerts", **asdict(self._policy))
        limit_s = self._policy.threshold_ms / 1000 if self._policy.enabled else math.inf
        self._watch.limit_s = math.inf if self._closing.is_set() else limit_s


@contextmanager
def _unmeasured(studio: _Studio, program: str) -> Iterator[Database]:
    address = studio.address()
    given = address.query.get("options", "")
    with Database(
        address.update_query_dict({"options": f"{given} {_SERVER_LIMITS}".strip()}),
        application_name=f"{program} alerts",
        pool_size=1,
        watch=None,
    ) as database:
        yield database


def _leads_to(place: Place, address: URL) -> bool:
    """Whether a connection went to that database: a program also talks to others."""
    if place.database != address.database:
        return False
    if address.host is not None:
        return (place.host, place.port) == (address.host, address.port or 5432)
    hosts, ports = str(address.query.get("host", "")), str(address.query.get("port", ""))
    return (place.host or "", str(place.port)) in zip(
        hosts.split(","), ports.split(","), strict=False
    )
