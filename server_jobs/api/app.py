"""The HTTP application, put together."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from server_jobs.api import clients, extratos, google, health, passwords, problems
from server_jobs.api.around import AroundRequests
from server_jobs.api.body_limit import BodyLimit
from server_jobs.api.metrics import Metrics
from server_jobs.api.sign_in import Doors, SignIn
from server_jobs.api.studio_state import StudioState
from server_jobs.api.workers import Workers
from server_jobs.clock import Clock
from studio_core.db.engine import Database
from studio_core.db.migrations import program_version

_LIMIT_S = 10.0


def create_app(
    database: Database, clock: Clock | None = None, doors: Doors | None = None
) -> FastAPI:
    """One studio's application. It connects to nothing before it is asked something.

    doors: the ways in for people; none where nothing is said.
    """
    app = FastAPI(
        title="Tattoo studio",
        version=program_version(),
        # Their pages load scripts from elsewhere; /openapi.json is all a program needs.
        docs_url=None,
        redoc_url=None,
    )
    app.state.studio = StudioState(database, clock or Clock())
    app.state.metrics = Metrics(app.state.studio)
    app.state.sign_in = SignIn(database, doors or Doors())
    app.state.workers = Workers()
    for part in (health, passwords, google, clients, extratos):
        app.include_router(part.router)
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(AroundRequests, metrics=app.state.metrics, limit_s=_LIMIT_S)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign] # FastAPI's documented way.
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the one shape that all errors have."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        parts = schema.setdefault("components", {}).setdefault("schemas", {})
        parts["Problem"] = problems.Problem.model_json_schema()
        app.openapi_schema = schema
    return app.openapi_schema
