"""A request to close a month in the hands of a server: taken, told of, settled, put back.

Whoever works on a request holds an advisory lock as its sign of life, from before the request
counts as taken. A closing for a request carries request_correlation as its correlation id, so
that the run of a worker that died is found again.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, select, text, update
from sqlalchemy.orm import Session, aliased

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.models import ExtratoProgress, ExtratoRequest, ExtratoRun
from studio_core.extrato.refusals import NOTHING_REFUSED, Refusal
from studio_core.extrato.requests import RequestState, announce, state_of
from studio_core.extrato.runs import bury_dead_runs

_LOCK = text("SELECT pg_try_advisory_lock(hashtext('studio.request.work'), CAST(:id AS integer))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtext('studio.request.work'), CAST(:id AS integer))")
_TRIES = 3
# How long a request that nobody ever heard may have waited for the server that now starts.
_FRESH = timedelta(minutes=1)
# What a request becomes when its worker died after the run had ended.
_BY_RUN = {"done": "done", "refused": "refused", "failed": "failed"}


def request_correlation(request_id: int) -> str:
    """The correlation id of everything done for one request."""
    return f"request-{request_id}"


def take_next(session: Session, worker: Connection) -> RequestState | None:
    """The longest waiting request that nobody else is taking, now ours; None when none waits.

    worker: an autocommit connection of the worker's own, which keeps the sign of life.
    """
    found = session.scalars(
        select(ExtratoRequest)
        .where(ExtratoRequest.status == "waiting")
        .order_by(ExtratoRequest.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None or not worker.execute(_LOCK, {"id": found.id}).scalar_one():
        return None
    found.status = "taken"
    found.run_id = None
    found.taken_at = session.execute(select(func.clock_timestamp())).scalar_one()
    session.flush()
    announce(session, found.id)
    return state_of(found)


def name_run(session: Session, request_id: int) -> None:
    """Notes which run works on a request, so that its progress can be followed and stopped."""
    run = _newest_run(session, request_id)
    if run is None:
        return
    cancelled = session.execute(
        update(ExtratoRequest)
        .where(ExtratoRequest.id == request_id)
        .values(run_id=run.id)
        .returning(ExtratoRequest.cancel_requested)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    if cancelled:
        session.get_one(ExtratoProgress, run.id).cancel_requested = True
        session.flush()
    announce(session, request_id)


def settle(
    session: Session, request_id: int, *, status: str, refusal: Refusal | None = None
) -> None:
    """Writes how a request ended: done, refused or failed."""
    run = _newest_run(session, request_id)
    columns = refusal.columns if refusal is not None else NOTHING_REFUSED
    _write(
        session,
        request_id,
        status=status,
        run_id=run.id if run is not None else None,
        finished_at=func.clock_timestamp(),
        **columns,
    )


def put_back(session: Session, request_id: int) -> str:
    """Has a request wait for another worker, unless somebody cancelled it; its status now."""
    found = session.get_one(
        ExtratoRequest, request_id, with_for_update=True, populate_existing=True
    )
    run = _newest_run(session, request_id)
    progress = session.get(ExtratoProgress, run.id) if run is not None else None
    if found.cancel_requested or (progress is not None and progress.cancel_requested):
        refusal = Refusal.of(RuleError("closing_cancelled"))
        settle(session, request_id, status="refused", refusal=refusal)
        return "refused"
    _write(session, request_id, status="waiting", run_id=None)
    return "waiting"


def give_up_unheard(session: Session) -> int:
    """Gives up what was filed long before any server was there to hear it; how many.

    For a server that starts: nothing closes days later behind the back of who asked. What a
    server had begun goes on, and what waits behind another request has been heard.
    """
    taken = aliased(ExtratoRequest)
    unheard = session.scalars(
        select(ExtratoRequest.id)
        .where(ExtratoRequest.status == "waiting", ExtratoRequest.taken_at.is_(None))
        .where(ExtratoRequest.requested_at < func.clock_timestamp() - _FRESH)
        .where(~exists().where(taken.status == "taken", func.studio.request_at_work(taken.id)))
        .with_for_update(skip_locked=True)
    ).all()
    refusal = Refusal.of(RuleError("no_server_closes"))
    for request_id in unheard:
        settle(session, request_id, status="given_up", refusal=refusal)
    return len(unheard)


def release(worker: Connection, request_id: int) -> None:
    """Ends the sign of life of a request that is settled."""
    worker.execute(_UNLOCK, {"id": request_id})


def settle_abandoned(database: Database) -> int:
    """Settles what a worker took and died over, by what became of its run; how many there were.

    Rolled back whole or never begun: it waits again, up to three times.
    """
    with database.connection() as connection:
        bury_dead_runs(connection)
        taken = connection.scalars(
            select(ExtratoRequest.id).where(ExtratoRequest.status == "taken")
        ).all()
        settled = 0
        for request_id in taken:
            if not connection.execute(_LOCK, {"id": request_id}).scalar_one():
                continue
            with database.transaction() as session:
                settled += _settle_one(session, request_id)
            release(connection, request_id)
    return settled


def _settle_one(session: Session, request_id: int) -> int:
    found = session.get(ExtratoRequest, request_id, with_for_update=True, populate_existing=True)
    if found is None or found.status != "taken":
        return 0
    run = _newest_run(session, request_id)
    if run is not None and run.status in _BY_RUN:
        refusal = Refusal(run.message, run.code, run.params) if run.message is not None else None
        settle(session, request_id, status=_BY_RUN[run.status], refusal=refusal)
        return 1
    if run is not None and run.status == "running":
        return 0  # The server has not noticed its end yet.
    deaths = session.scalar(
        select(func.count())
        .select_from(ExtratoRun)
        .where(ExtratoRun.correlation_id == request_correlation(request_id))
        .where(ExtratoRun.status == "died")
    )
    if (deaths or 0) < _TRIES:
        put_back(session, request_id)
    else:
        refusal = Refusal.of(RuleError("request_interrupted"))
        settle(session, request_id, status="failed", refusal=refusal)
    return 1


def _write(session: Session, request_id: int, **values: Any) -> None:
    session.execute(
        update(ExtratoRequest)
        .where(ExtratoRequest.id == request_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    announce(session, request_id)


def _newest_run(session: Session, request_id: int) -> ExtratoRun | None:
    return session.scalars(
        select(ExtratoRun)
        .where(ExtratoRun.correlation_id == request_correlation(request_id))
        .order_by(ExtratoRun.id.desc())
        .limit(1)
    ).one_or_none()
