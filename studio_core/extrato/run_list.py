"""Every closing, reopening and rehearsal there ever was, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Text, and_, case, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page
from studio_core.extrato.models import ExtratoProgress, ExtratoRequest, ExtratoRun
from studio_core.extrato.records import ALIVE
from studio_core.extrato.refusals import Refusal
from studio_core.months import Month
from studio_core.people.models import User, UserLogin

RunKind = Literal["close", "reopen", "rehearsal"]
TROUBLE = ("failed", "died", "refused", "cancelled")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs. only_trouble: those that did not do what they were meant to."""

    kind: RunKind | None = None
    only_trouble: bool = False


@dataclass(frozen=True, slots=True)
class RunRow:
    """One attempt.

    status: running, done, rehearsed, refused, cancelled, failed or died, also of one whose death
    nobody has noted yet. refusal: why it did not do what it was meant to. run_by: the person's
    name, else the login. asked_by: who asked the server for it, None where nobody did.
    stage, rows_done, rows_total: see runs.Progress.
    """

    id: int
    month: Month
    kind: RunKind
    forced: bool
    status: str
    refusal: Refusal | None
    batch_size: int | None
    correlation_id: str | None
    run_by: str
    asked_by: str | None
    started_at: datetime
    finished_at: datetime | None
    stage: str | None
    rows_done: int
    rows_total: int

    @property
    def running(self) -> bool:
        return self.status == "running"


EVERY_RUN = RunFilter()
_KIND = case((ExtratoRun.rehearsal, "rehearsal"), else_=ExtratoRun.action)
# A run that nobody runs any more is dead, though the next one has not buried it yet.
_STATUS = case((and_(ExtratoRun.status == "running", ~ALIVE), "died"), else_=ExtratoRun.status)
_NEWEST = KeyOrder(ExtratoRun.id, ExtratoRun.id, descending=True)


def page_of_runs(
    session: Session,
    *,
    filter: RunFilter = EVERY_RUN,
    after: Cursor | None = None,
    limit: int = 100,
) -> Page[RunRow]:
    """One page of runs, newest first."""
    runner, asker = aliased(User), aliased(User)
    statement = (
        select(
            ExtratoRun.id,
            ExtratoRun.month_start,
            _KIND.label("kind"),
            ExtratoRun.forced,
            _STATUS.label("status_now"),
            ExtratoRun.message,
            ExtratoRun.code,
            ExtratoRun.params,
            ExtratoRun.batch_size,
            ExtratoRun.correlation_id,
            func.coalesce(runner.name, ExtratoRun.run_by).label("run_by"),
            asker.name.label("asked_by"),
            ExtratoRun.started_at,
            ExtratoRun.finished_at,
            ExtratoProgress.stage,
            func.coalesce(ExtratoProgress.rows_done, 0).label("rows_done"),
            func.coalesce(ExtratoProgress.rows_total, 0).label("rows_total"),
        )
        .outerjoin(ExtratoProgress, ExtratoProgress.run_id == ExtratoRun.id)
        .outerjoin(UserLogin, UserLogin.role_name == ExtratoRun.run_by)
        .outerjoin(runner, runner.id == func.coalesce(ExtratoRun.started_by, UserLogin.user_id))
        .outerjoin(ExtratoRequest, _asked_for())
        .outerjoin(asker, asker.id == ExtratoRequest.requested_by)
    )
    if filter.kind == "rehearsal":
        statement = statement.where(ExtratoRun.rehearsal)
    elif filter.kind is not None:
        statement = statement.where(~ExtratoRun.rehearsal, ExtratoRun.action == filter.kind)
    if filter.only_trouble:
        statement = statement.where(_STATUS.in_(TROUBLE))
    return fetch_page(session, statement, _NEWEST, after=after, limit=limit, row=_row)


def _asked_for() -> ColumnElement[bool]:
    """The request that a run was made for; see request_work.request_correlation."""
    named = literal("request-").concat(cast(ExtratoRequest.id, Text))
    return ExtratoRun.correlation_id == named


def _row(found: Row[Any]) -> RunRow:
    return RunRow(
        id=found.id,
        month=Month.of(found.month_start),
        kind=found.kind,
        forced=found.forced,
        status=found.status_now,
        refusal=Refusal(found.message, found.code, found.params) if found.message else None,
        batch_size=found.batch_size,
        correlation_id=found.correlation_id,
        run_by=found.run_by,
        asked_by=found.asked_by,
        started_at=found.started_at,
        finished_at=found.finished_at,
        stage=found.stage,
        rows_done=found.rows_done,
        rows_total=found.rows_total,
    )
