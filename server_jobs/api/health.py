"""Is it alive, is it ready, is the studio's month closed: for containers, monitors and people."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from server_jobs.api.metrics import Metrics
from server_jobs.api.problems import NotReadyError, described
from server_jobs.api.studio_state import StudioState, reason_to_tell
from studio_core.db.migrations import head_revision, program_version
from studio_core.errors import RuleError, StudioError

router = APIRouter()

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Alive(BaseModel):
    status: Literal["ok"] = "ok"
    version: str = Field(description="Of the program.")


class Ready(BaseModel):
    status: Literal["ok"] = "ok"
    revision: str = Field(description="Of the database's schema.")


class ExtratoReady(BaseModel):
    status: Literal["ok"] = "ok"


class DatabaseTest(BaseModel):
    status: Literal["ok"] = "ok"
    latency_ms: float = Field(description="One small question on an open connection.")
    server_version: str = Field(description="Of PostgreSQL.")
    revision: str | None = Field(description="Of the database's schema; null before it is set up.")
    expected_revision: str = Field(description="What this program needs.")


def _state(request: Request) -> StudioState:
    state: StudioState = request.app.state.studio
    return state


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


State = Annotated[StudioState, Depends(_state)]


@router.get("/health", responses=described(405))
async def health() -> Alive:
    """The process answers. Says nothing about the database."""
    return Alive(version=program_version())


@router.get("/ready", responses=described(405, 503))
def ready(state: State) -> Ready:
    """The database answers, and its schema is this program's. Otherwise 503."""
    try:
        state.require_ready()
    except StudioError as error:
        raise NotReadyError(reason_to_tell(error)) from error
    return Ready(revision=head_revision())


@router.get("/ready/extrato", responses=described(405, 503))
def ready_extrato(state: State) -> ExtratoReady:
    """Last month is closed, or not due yet. 503 when it should be closed and is not."""
    try:
        overdue = state.overdue_month()
    except StudioError as error:
        raise NotReadyError(reason_to_tell(error)) from error
    if overdue is not None:
        raise NotReadyError(RuleError("extrato_overdue", month=overdue.label))
    return ExtratoReady()


@router.get("/db-test", responses=described(405, 503))
def db_test(state: State) -> DatabaseTest:
    """Connects to the database and says how fast and which version it is."""
    try:
        found = state.database_state()
    except StudioError as error:
        raise NotReadyError(reason_to_tell(error)) from error
    return DatabaseTest(
        latency_ms=found.latency_ms,
        server_version=found.server,
        revision=found.revision,
        expected_revision=head_revision(),
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Text for Prometheus",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **described(405),
    },
)
def metrics(metrics: Annotated[Metrics, Depends(_metrics)]) -> Response:
    """Runs, backups, alerts and HTTP, for Prometheus. It answers without the database, too."""
    return Response(metrics.text(), media_type=METRICS_TYPE)
