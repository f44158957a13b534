"""Closes months for owners at their desks: hears of a request, takes it, carries it out."""

import select
import threading
import time
from collections.abc import Callable

from server_jobs.jobs.closing import back_up_and_close
from server_jobs.jobs.work import Work
from studio_core.db.listen import Listener
from studio_core.db.migrations import check_program
from studio_core.errors import RuleError, StudioError, UnavailableError
from studio_core.extrato.refusals import Refusal
from studio_core.extrato.request_work import (
    give_up_unheard,
    name_run,
    put_back,
    release,
    request_correlation,
    settle,
    settle_abandoned,
    take_next,
)
from studio_core.extrato.requests import RequestState
from studio_core.extrato.runs import Progress
from studio_core.observability import at_route, correlation, get_logger

_log = get_logger(__name__)

_APPLICATION = "studio-jobs requests"
# How soon a stop is noticed, how often we look without having heard, and wait after a failure.
_STOP_S, _LOOK_S, _RETRY_S = 0.5, 15.0, 3.0


class RequestRunner:
    """A thread that serves requests until the work stops."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._thread = threading.Thread(target=self._run, name="studio-requests", daemon=True)
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
                with at_route("desk requests"):
                    self._listen()
            except StudioError as error:
                # The database is away or not ready. Said once, and then when it changes.
                if error.code != self._last_refusal:
                    _log.warning("requests_waiting", code=error.code, sentence=str(error))
                self._last_refusal = error.code
            except Exception:  # noqa: BLE001 - the job loop goes on after a bug of ours.
                _log.exception("requests_failed")
            self._work.stopping.wait(_RETRY_S)

    def _listen(self) -> None:
        with self._work.database.transaction() as session:
            check_program(session)
        listener = Listener(self._work.database.url, application_name=_APPLICATION)
        try:
            if self._last_refusal is not None:
                _log.info("requests_served_again")
            self._last_refusal = None
            with self._work.database.transaction() as session:
                give_up_unheard(session)
            self._serve_until_stopped(listener)
        finally:
            listener.close()

    def _serve_until_stopped(self, listener: Listener) -> None:
        next_look = time.monotonic()  # What came while nobody listened is looked for at once.
        while not self._work.stopping.is_set():
            if time.monotonic() >= next_look:
                serve_requests(self._work)
                next_look = time.monotonic() + _LOOK_S
            heard = bool(select.select([listener.fileno()], [], [], _STOP_S)[0])
            if heard and any(change.table == "extrato_requests" for change in listener.poll()):
                next_look = time.monotonic()


def serve_requests(work: Work) -> int:
    """Settles what dead workers left, then carries out what waits; how many were carried out."""
    settle_abandoned(work.database)
    done = 0
    with work.database.connection() as worker:
        while not work.stopping.is_set():
            with work.database.transaction() as session:
                request = take_next(session, worker)
            if request is None:
                return done
            with correlation(request_correlation(request.id)):
                _carry_out(work, request)
            release(worker, request.id)
            done += 1
    return done


def _carry_out(work: Work, request: RequestState) -> None:
    log = _log.bind(request=request.id, month=request.month.label)
    log.info("request_taken")
    status, refusal = _outcome(work, request)
    with work.database.transaction() as session:
        if status == "waiting":
            status = put_back(session, request.id)
        else:
            settle(session, request.id, status=status, refusal=refusal)
    log.info("request_settled", status=status, sentence=refusal.message if refusal else None)


def _outcome(work: Work, request: RequestState) -> tuple[str, Refusal | None]:
    """Its status and why. The server's own stopping leaves it waiting for the next one."""
    try:
        back_up_and_close(
            work, request.month, force=request.forced, on_progress=_naming_its_run(work, request.id)
        )
    except RuleError as error:
        stopped = error.code == "closing_cancelled" and work.stopping.is_set()
        return ("waiting", None) if stopped else ("refused", Refusal.of(error))
    except UnavailableError as error:
        return "failed", Refusal.of(error)
    except StudioError as error:
        return "refused", Refusal.of(error)
    except Exception:  # noqa: BLE001 - whoever asked is told, and the loop goes on.
        _log.exception("request_failed")
        bug = StudioError("unexpected", correlation_id=request_correlation(request.id))
        return "failed", Refusal.of(bug)
    return "done", None


def _naming_its_run(work: Work, request_id: int) -> Callable[[Progress], None]:
    """Tells the desks, once, which run to follow."""
    named = False

    def progressed(_progress: Progress) -> None:
        nonlocal named
        if not named:
            named = True
            try:
                with work.database.transaction() as session:
                    name_run(session, request_id)
            except StudioError as error:  # Only the desks' progress bar is the poorer for it.
                _log.warning("request_run_not_named", code=error.code)

    return progressed
