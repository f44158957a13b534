"""The only door to the database: screens hand over a function of the core and get its answer."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio_core.errors import StudioError
from studio_desktop.tasks.worker import Receiver, Workers, alive, weak

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from studio_core.db.engine import Database

T = TypeVar("T")

READERS, WRITERS, JOBS = 3, 2, 2
POOL_SIZE = READERS + WRITERS
"""How many connections a desk needs at most; jobs open their own."""


class JobControl:
    """The two ends of a long job: the job reports, the screen cancels. Safe across threads."""

    def __init__(self, post: Callable[["JobControl"], None]) -> None:
        self._post = post
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._latest: object = None
        self._posted = False

    def cancel(self) -> None:
        """Ask the job to stop at its next safe place."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def report(self, progress: object) -> None:
        """Called by the job. A screen slower than the job sees the newest report only."""
        with self._lock:
            self._latest = progress
            if self._posted:
                return
            self._posted = True
        self._post(self)

    def take(self) -> object:
        """The newest report; called once for each post."""
        with self._lock:
            self._posted = False
            return self._latest


class Runner(QObject):
    """Reads, writes and long jobs on a Database, each in its own threads.

    refused(StudioError): one that its asker did not take. failed(Bug): ours. turned_away: the
    database does not take the login any more. idle: nothing runs.
    """

    refused = Signal(object)
    failed = Signal(object)
    unavailable = Signal(object)
    available = Signal()
    turned_away = Signal()
    idle = Signal()
    _reported = Signal(object)

    def __init__(self, database: "Database", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self._reads = Workers(READERS, self)
        self._writes = Workers(WRITERS, self)
        self._jobs = Workers(JOBS, self)
        self._receivers: dict[JobControl, WeakMethod[Receiver]] = {}
        for workers in self._all():
            workers.refused.connect(self.refused)
            workers.failed.connect(self.failed)
            workers.unavailable.connect(self.unavailable)
            workers.available.connect(self.available)
            workers.turned_away.connect(self.turned_away)
            workers.idle.connect(self._on_workers_idle)
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> int:
        return sum(workers.pending for workers in self._all())

    def ask(
        self,
        asker: QObject,
        topic: str,
        question: "Callable[[Session], T]",
        answered: Callable[[T], object],
        refused: Callable[[StudioError], object] | None = None,
    ) -> None:
        """Read. A newer question of the same asker and topic makes the older answer worthless."""
        self._reads.start(
            self._in_transaction(question), answered, refused, asker=asker, topic=topic
        )

    def act(
        self,
        asker: QObject,
        action: "Callable[[Session], T]",
        done: Callable[[T], object],
        refused: Callable[[StudioError], object] | None = None,
    ) -> None:
        """Write in one transaction. After an UnavailableError call it again with the same
        request_id: the answer may have been lost, the deed done."""
        self._writes.start(self._in_transaction(action), done, refused, asker=asker)

    def run_job(
        self,
        asker: QObject,
        job: "Callable[[Database, JobControl], T]",
        progressed: Callable[..., object],
        done: Callable[[T], object],
        refused: Callable[[StudioError], object] | None = None,
    ) -> JobControl:
        """Long work with transactions of its own; it calls control.report() and looks at
        control.cancelled()."""
        control = JobControl(self._reported.emit)
        self._receivers[control] = weak(progressed)
        self._jobs.start(lambda: job(self._database, control), done, refused, asker=asker)
        return control

    def close(self) -> None:
        """Drop what is under way, ask the jobs to stop, close the database."""
        for control in self._receivers:
            control.cancel()
        for workers in self._all():
            workers.close()
        self._database.close()

    def _all(self) -> tuple[Workers, ...]:
        return (self._reads, self._writes, self._jobs)

    def _in_transaction(self, work: "Callable[[Session], T]") -> Callable[[], T]:
        def in_transaction() -> T:
            with self._database.transaction() as session:
                return work(session)

        return in_transaction

    @Slot(object)
    def _on_reported(self, control: Any) -> None:
        receiver = alive(self._receivers.get(control))
        if receiver is not None:
            receiver(control.take())

    @Slot()
    def _on_workers_idle(self) -> None:
        if self.pending == 0:
            self._receivers.clear()
            self.idle.emit()
