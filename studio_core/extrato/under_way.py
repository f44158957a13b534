"""What closes at this moment, or is asked for: as every desk of the owners and managers sees it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.extrato.models import ExtratoProgress, ExtratoRequest
from studio_core.extrato.records import RunUnderWay, ask_to_stop, runs_under_way
from studio_core.extrato.request_work import request_correlation
from studio_core.extrato.requests import RequestState, request_state, withdraw_request
from studio_core.months import Month
from studio_core.people.models import User


@dataclass(frozen=True, slots=True)
class ClosingUnderWay:
    """A month that is being closed, or that somebody asked the server to close.

    stage: of runs.Progress; for a request that no run works on yet: asked (no server has taken it),
    queued (a server works on another one first), taken, or interrupted (who had taken it is gone).
    request_id: None where nobody asked for it. run_id: None before it began.
    person_id, person: who asked for it or runs it; None for the server itself.
    """

    month: Month
    stage: str
    rows_done: int
    rows_total: int
    cancel_requested: bool
    request_id: int | None
    run_id: int | None
    person_id: int | None
    person: str | None

    @property
    def forsaken(self) -> bool:
        """Nobody works on it, and nobody will soon who is known to be there."""
        return self.stage in ("asked", "interrupted")


def closings_under_way(session: Session) -> tuple[ClosingUnderWay, ...]:
    """What runs, then what is asked for; the oldest first."""
    requests = _requests_under_way(session)
    for_requests = {request_correlation(each.request_id) for each in requests if each.request_id}
    unasked = tuple(
        _of_run(run)
        for run in runs_under_way(session)
        if run.action == "close" and run.correlation_id not in for_requests
    )
    return tuple(sorted((*unasked, *requests), key=lambda each: each.run_id is None))


def follow_request(
    session: Session, request_id: int
) -> tuple[RequestState, ClosingUnderWay | None]:
    """A request, and how far its closing is; None once it is over."""
    under_way = _requests_under_way(session)
    state = request_state(session, request_id)
    assert state is not None, "requests are never deleted"
    found = next((each for each in under_way if each.request_id == request_id), None)
    return state, None if state.over else found


def cancel_closing(session: Session, closing: ClosingUnderWay) -> None:
    """Takes a request back, or asks the run to stop before its next batch; it rolls back whole."""
    if closing.request_id is not None:
        withdraw_request(session, closing.request_id, stop=True)
    elif closing.run_id is not None:
        ask_to_stop(session, closing.run_id)


def _requests_under_way(session: Session) -> list[ClosingUnderWay]:
    statement = (
        select(
            ExtratoRequest,
            ExtratoProgress,
            User.name,
            func.studio.request_at_work(ExtratoRequest.id),
        )
        .outerjoin(ExtratoProgress, ExtratoProgress.run_id == ExtratoRequest.run_id)
        .outerjoin(User, User.id == ExtratoRequest.requested_by)
        .where(ExtratoRequest.status.in_(("waiting", "taken")))
        .order_by(ExtratoRequest.id)
    )
    rows = session.execute(statement.execution_options(populate_existing=True)).all()
    busy = any(request.status == "taken" and at_work for request, _, _, at_work in rows)
    return [
        _of_request(request, progress, person, at_work=at_work, busy=busy)
        for request, progress, person, at_work in rows
    ]


def _of_request(
    request: ExtratoRequest,
    progress: ExtratoProgress | None,
    person: str | None,
    *,
    at_work: bool,
    busy: bool,
) -> ClosingUnderWay:
    running = progress if request.status == "taken" and at_work else None
    if request.status == "waiting":
        stage = "queued" if busy else "asked"
    elif running is not None:
        stage = running.stage
    else:
        stage = "taken" if at_work else "interrupted"
    return ClosingUnderWay(
        month=Month.of(request.month_start),
        stage=stage,
        rows_done=running.rows_done if running is not None else 0,
        rows_total=running.rows_total if running is not None else 0,
        cancel_requested=request.cancel_requested
        or (running is not None and running.cancel_requested),
        request_id=request.id,
        run_id=running.run_id if running is not None else None,
        person_id=request.requested_by,
        person=person,
    )


def _of_run(run: RunUnderWay) -> ClosingUnderWay:
    return ClosingUnderWay(
        month=run.month,
        stage=run.stage,
        rows_done=run.rows_done,
        rows_total=run.rows_total,
        cancel_requested=run.cancel_requested,
        request_id=None,
        run_id=run.run_id,
        person_id=run.started_by,
        person=run.person,
    )
