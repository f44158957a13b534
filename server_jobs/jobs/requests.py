"""Closes months for owners at their desks: hears of a request, takes it, carries it out."""

from collections.abc import Callable

from server_jobs.jobs.closing import back_up_and_close
from server_jobs.jobs.hearing import Hearing
from server_jobs.jobs.work import Work
from studio_core.errors import RuleError, StudioError, UnavailableError
from studio_core.extrato.refusals import Refusal
from studio_core.extrato.request_work import (
    give_up_unheard,
    has_open_run,
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
from studio_core.observability import correlation, get_logger

_log = get_logger(__name__)


class RequestRunner(Hearing):
    """A thread that serves requests until the work stops."""

    def __init__(self, work: Work) -> None:
        super().__init__(
            work, "requests", "extrato_requests", serve_requests, begin=_forget_unheard
        )


def _forget_unheard(work: Work) -> None:
    with work.database.transaction() as session:
        give_up_unheard(session)


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
        elif status == "failed" and has_open_run(session, request.id):
            # The connection went at the commit: the next look finds out whether it was done.
            status = "taken"
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
