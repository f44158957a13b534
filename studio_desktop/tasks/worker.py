"""Threads and the way back: work runs in a pool, its answer arrives on the UI thread.

Answers go to bound methods of QObjects, held weakly. The pool owns every task, so neither a closed
window nor a dead asker can take one down while it runs.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MethodType
from typing import Any
from weakref import WeakMethod, ref

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from studio_core.errors import StudioError, UnavailableError
from studio_core.observability import at_route, correlation, get_logger
from studio_desktop.tasks.lifetime import exists
from studio_desktop.tasks.routes import route_of

log = get_logger(__name__)

Receiver = Callable[[Any], object]


@dataclass(frozen=True)
class Bug:
    """Something that is our fault. correlation_id stands in the log beside the traceback."""

    correlation_id: str
    error: BaseException


class UnforeseenError(StudioError):
    """What a form is told when a bug of ours ate its answer; the Bug itself is reported apart."""

    def __init__(self, correlation_id: str) -> None:
        super().__init__("unforeseen", reference=correlation_id)


@dataclass
class Call:
    """One piece of work and who waits for it. route: where it was asked for.
    dropped: nobody waits any more."""

    work: Callable[[], object]
    answered: "WeakMethod[Receiver]"
    refused: "WeakMethod[Receiver] | None"
    asker: "ref[QObject]"
    route: str
    correlation_id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    dropped: bool = False
    key: tuple[int, str] | None = None


@dataclass(frozen=True)
class _Outcome:
    call: Call
    answer: object = None
    error: BaseException | None = None


class _Task(QRunnable):
    def __init__(self, workers: "Workers", call: Call) -> None:
        super().__init__()
        self._workers = workers
        self._call = call

    def run(self) -> None:
        call = self._call
        self._workers.arrived.emit(_Outcome(call) if call.dropped else _outcome_of(call))


def _outcome_of(call: Call) -> _Outcome:
    try:
        with correlation(call.correlation_id), at_route(call.route):
            return _Outcome(call, answer=call.work())
    except StudioError as error:
        return _Outcome(call, error=error)
    except Exception as error:
        with correlation(call.correlation_id):
            log.exception("unforeseen_error")
        return _Outcome(call, error=error)


class Workers(QObject):
    """A pool of threads whose answers come home.

    refused: a StudioError that its asker did not take. failed: a Bug. unavailable, available: how
    the last piece of work found the server. idle: nothing is under way any more.
    """

    arrived = Signal(object)
    refused = Signal(object)
    failed = Signal(object)
    unavailable = Signal(object)
    available = Signal()
    idle = Signal()

    def __init__(self, threads: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._latest: dict[tuple[int, str], Call] = {}
        self._waiting: set[int] = set()
        self._calls: dict[int, Call] = {}
        self._closed = False
        self.arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> int:
        """How many pieces of work have not come home yet."""
        return len(self._calls)

    def start(
        self,
        work: Callable[[], object],
        answered: Receiver,
        refused: Receiver | None = None,
        *,
        asker: QObject | None = None,
        topic: str | None = None,
    ) -> Call:
        """Run work off the UI thread, then call answered(result) or refused(StudioError) on it.

        asker: whose death makes the answer worthless; the owner of answered unless said. With a
        topic, an older piece of work of the same asker and topic is dropped.
        """
        asker = asker if asker is not None else owner_of(answered)
        taken = weak(refused) if refused else None
        call = Call(work, weak(answered), taken, ref(asker), route_of(asker))
        if self._closed:
            call.dropped = True
            return call
        if topic is not None:
            call.key = key = (id(asker), topic)
            if key in self._latest:
                self._latest[key].dropped = True
            self._latest[key] = call
        self._calls[id(call)] = call
        self._pool.start(_Task(self, call))
        return call

    def close(self, wait_ms: int = 5000) -> None:
        """Drop what is under way and wait for its threads."""
        self._closed = True
        for call in self._calls.values():
            call.dropped = True
        self._pool.clear()
        self._pool.waitForDone(wait_ms)

    @Slot(object)
    def _on_arrived(self, outcome: Any) -> None:
        call: Call = outcome.call
        self._calls.pop(id(call), None)
        if call.key is not None and self._latest.get(call.key) is call:
            del self._latest[call.key]
        if not self._closed:
            self._deliver(outcome)
        if not self._calls:
            self.idle.emit()

    def _deliver(self, outcome: _Outcome) -> None:
        call, error = outcome.call, outcome.error
        if isinstance(error, UnavailableError):
            self.unavailable.emit(error)
        elif not call.dropped:
            self.available.emit()
        if error is not None and not isinstance(error, StudioError):
            self.failed.emit(Bug(call.correlation_id, error))
        asker = call.asker()
        if call.dropped or asker is None or not exists(asker):
            return
        receiver = alive(call.refused if error is not None else call.answered)
        if error is None:
            if receiver is not None:
                receiver(outcome.answer)
        elif isinstance(error, StudioError):
            if receiver is not None:
                receiver(error)
            elif call.refused is None:
                self.refused.emit(error)
        elif receiver is not None:
            # The form that asked stops waiting too; the bug itself was reported above.
            receiver(UnforeseenError(call.correlation_id))


def owner_of(receiver: Receiver) -> QObject:
    owner = getattr(receiver, "__self__", None)
    if not isinstance(receiver, MethodType) or not isinstance(owner, QObject):
        raise TypeError("an answer goes to a bound method of a QObject, never to a lambda")
    return owner


def weak(receiver: Receiver) -> "WeakMethod[Receiver]":
    owner_of(receiver)
    return WeakMethod(receiver)


def alive(reference: "WeakMethod[Receiver] | None") -> Receiver | None:
    receiver = reference() if reference is not None else None
    if receiver is None or not exists(owner_of(receiver)):
        return None
    return receiver
