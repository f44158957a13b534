"""A wish to close a month, as who asked for it files it, follows it and takes it back.

What a server does with it stands in request_work.py.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from studio_core.errors import StudioError
from studio_core.extrato.models import Extrato, ExtratoRequest
from studio_core.extrato.refusals import Refusal
from studio_core.months import Month

_NOTIFY = text(
    "SELECT pg_notify('studio_changes',"
    " json_build_object('table', 'extrato_requests', 'ids', json_build_array(:id))::text)"
)


@dataclass(frozen=True, slots=True)
class RequestState:
    """status: waiting, taken, done, refused, failed or given_up. refusal: why it did not come to
    be, None where it did or is not over.

    run_id: of the run that tells of the progress, None before it began.
    """

    id: int
    month: Month
    forced: bool
    status: str
    refusal: StudioError | None
    requested_by: int | None
    run_id: int | None
    requested_at: datetime
    taken_at: datetime | None
    finished_at: datetime | None

    @property
    def over(self) -> bool:
        return self.status not in ("waiting", "taken")

    @property
    def message(self) -> str | None:
        """The refusal in English."""
        return None if self.refusal is None else str(self.refusal)


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
    return None if found is None else state_of(found)


def failed_request(session: Session, month: Month) -> RequestState | None:
    """The last request for a month when it came to nothing, and nothing has come of it since.

    None too when somebody cancelled it.
    """
    found = session.scalars(
        select(ExtratoRequest)
        .where(ExtratoRequest.month_start == month.first_day)
        .order_by(ExtratoRequest.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None or found.finished_at is None or found.code == "closing_cancelled":
        return None
    since = select(Extrato.id).where(
        Extrato.year == month.year,
        Extrato.month == month.month,
        func.coalesce(Extrato.superseded_at, Extrato.closed_at) > found.finished_at,
    )
    state = state_of(found)
    over = state.refusal is None or session.scalar(since.limit(1)) is not None
    return None if over else state


def withdraw_request(session: Session, request_id: int, *, stop: bool) -> str:
    """Takes a request back while nobody works on it; the status that it has now.

    given_up: taken back, and nobody will take it up later. taken: somebody works on it; stop:
    who is asked to end it before the next batch. Raises RuleError("not_allowed") for who neither
    filed it nor is an owner.
    """
    status: str = session.execute(
        select(func.studio.withdraw_request(request_id, stop))
    ).scalar_one()
    return status


def announce(session: Session, request_id: int) -> None:
    """Has all desks and servers look at a request; as now and then the death of who had taken it,
    which nobody hears."""
    session.execute(_NOTIFY, {"id": request_id})


def state_of(row: ExtratoRequest) -> RequestState:
    """A stored request as it is read."""
    refusal = None
    if row.code is not None or row.message is not None:
        refusal = Refusal(row.message or "", row.code, row.params).error
    return RequestState(
        id=row.id,
        month=Month.of(row.month_start),
        forced=row.forced,
        status=row.status,
        refusal=refusal,
        requested_by=row.requested_by,
        run_id=row.run_id,
        requested_at=row.requested_at,
        taken_at=row.taken_at,
        finished_at=row.finished_at,
    )
