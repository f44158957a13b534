"""A wish to close a month, and its way from an owner's desk to the server and back.

Whoever works on a request holds an advisory lock as its sign of life, from before the request
counts as taken. A closing for a request carries request_correlation as its correlation id, so
that the run of a worker that died is found again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.extrato.models import ExtratoRequest, ExtratoRun
from studio_core.extrato.runs import bury_dead_runs
from studio_core.months import Month
from studio_core.sentences import sentence

_LOCK = text("SELECT pg_try_advisory_lock(hashtext('studio.request.work'), CAST(:id AS integer))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtext('studio.request.work'), CAST(:id AS integer))")
_NOTIFY = text(
    "SELECT pg_notify('studio_changes',"
    " json_build_object('table', 'extrato_requests', 'ids', json_build_array(:id))::text)"
)
_TRIES = 3
# What a request becomes when its worker died after the run had ended.
_BY_RUN = {"done": "done", "refused": "refused", "cancelled": "refused", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class RequestState:
    """status: waiting, taken, done, refused, failed or given_up. message: why, in English.

    run_id: of the run that tells of the progress, None before it began.
    """

    id: int
    month: Month
    forced: bool
    status: str
    message: str | None
    run_id: int | None
    requested_at: datetime
    taken_at: datetime | None
    finished_at: datetime | None

    @property
    def over(self) -> bool:
        return self.status not in ("waiting", "taken")


def request_extrato(session: Session, *, month: Month, force: bool = False) -> int:
    """Files an owner's wish to close a month; its id, or that of the one already waiting.

    Raises RuleError("not_allowed") for anybody else.
    """
    request_id: int = session.execute(
        select(func.studio.request_extrato(month.first_day, force))
    ).scalar_one()
    return request_id


def request_state(session: Session, request_id: int) -> RequestState | None:
    """How far a request is; None where there is none of that id."""
    found = session.get(ExtratoRequest, request_id, populate_existing=True)
    return None if found is None else _state(found)


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
    session.execute(_NOTIFY, {"id": found.id})
    return _state(found)


def name_run(session: Session, request_id: int) -> None:
    """Notes which run works on a request, so that its progress can be followed."""
    run = _newest_run(session, request_id)
    if run is not None:
        session.execute(
            update(ExtratoRequest)
            .where(ExtratoRequest.id == request_id)
            .values(run_id=run.id)
            .execution_options(synchronize_session=False)
        )
        session.execute(_NOTIFY, {"id": request_id})


def settle(session: Session, request_id: int, *, status: str, message: str | None = None) -> None:
    """Writes how a request ended: done, refused or failed, or waiting again."""
    run = _newest_run(session, request_id)
    over = status not in ("waiting", "taken")
    session.execute(
        update(ExtratoRequest)
        .where(ExtratoRequest.id == request_id)
        .values(
            status=status,
            message=message,
            run_id=run.id if run is not None else None,
            finished_at=func.clock_timestamp() if over else None,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(_NOTIFY, {"id": request_id})


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


def request_correlation(request_id: int) -> str:
    """The correlation id of everything done for one request."""
    return f"request-{request_id}"


def _settle_one(session: Session, request_id: int) -> int:
    found = session.get(ExtratoRequest, request_id, with_for_update=True, populate_existing=True)
    if found is None or found.status != "taken":
        return 0
    run = _newest_run(session, request_id)
    if run is not None and run.status in _BY_RUN:
        settle(session, request_id, status=_BY_RUN[run.status], message=run.message)
        return 1
    if run is not None and run.status == "running":
        return 0  # The server has not noticed its end yet.
    tried = session.scalar(
        select(func.count())
        .select_from(ExtratoRun)
        .where(ExtratoRun.correlation_id == request_correlation(request_id))
    )
    if (tried or 0) < _TRIES:
        settle(session, request_id, status="waiting")
    else:
        settle(session, request_id, status="failed", message=sentence("request_interrupted", {}))
    return 1


def _newest_run(session: Session, request_id: int) -> ExtratoRun | None:
    return session.scalars(
        select(ExtratoRun)
        .where(ExtratoRun.correlation_id == request_correlation(request_id))
        .order_by(ExtratoRun.id.desc())
        .limit(1)
    ).one_or_none()


def _state(row: ExtratoRequest) -> RequestState:
    return RequestState(
        id=row.id,
        month=Month.of(row.month_start),
        forced=row.forced,
        status=row.status,
        message=row.message,
        run_id=row.run_id,
        requested_at=row.requested_at,
        taken_at=row.taken_at,
        finished_at=row.finished_at,
    )
