"""Every error as application/problem+json (RFC 9457), with the id that finds it in the log."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from server_jobs.api.studio_state import reason_to_tell
from studio_core.errors import ConfigError, ConflictError, RuleError, StudioError, UnavailableError
from studio_core.observability import correlation_id
from studio_core.people.tries import TooManyTriesError
from studio_core.sentences import sentence

PROBLEM_TYPE = "application/problem+json"

_STATUS: tuple[tuple[type[StudioError], HTTPStatus], ...] = (
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ConfigError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ConflictError, HTTPStatus.CONFLICT),
    (RuleError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
_STATUS_OF_CODE = {
    "sign_in_refused": HTTPStatus.UNAUTHORIZED,
    "google_refused": HTTPStatus.UNAUTHORIZED,
    "token_refused": HTTPStatus.UNAUTHORIZED,
    "password_must_change": HTTPStatus.FORBIDDEN,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "sign_in_not_configured": HTTPStatus.NOT_FOUND,
    "google_not_configured": HTTPStatus.NOT_FOUND,
    "no_such_page": HTTPStatus.NOT_FOUND,
    "too_many_tries": HTTPStatus.TOO_MANY_REQUESTS,
    **dict.fromkeys(
        ("lock_timeout", "not_migrated", "schema_too_new", "program_too_old"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
}
_TRY_AGAIN_S = "5"
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
}


class Problem(BaseModel):
    """What went wrong, for programs (code) and for people (detail)."""

    type: str = Field(description="about:blank: the status says what kind of problem it is.")
    title: str
    status: int
    detail: str
    code: str = Field(description="One word for programs; it never changes.")
    correlation_id: str = Field(description="Under this id the log has more.")


class NotReadyError(Exception):
    """The answer is 503, for a reason that one of our refusals tells."""

    def __init__(self, reason: StudioError) -> None:
        super().__init__(reason.code)
        self.reason = reason


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer that says it; of 503 also when to come again."""
    again = {"Retry-After": _TRY_AGAIN_S} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    body = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        correlation_id=correlation_id() or "-",
    )
    return JSONResponse(
        body.model_dump(), int(status), headers=again | dict(headers or {}), media_type=PROBLEM_TYPE
    )


def unexpected() -> JSONResponse:
    """A bug of ours: nothing about it but where to look."""
    told = sentence("unexpected", {"correlation_id": correlation_id() or "-"})
    return problem(500, "unexpected", told)


def install(app: FastAPI) -> None:
    """Every exception that a route may raise becomes a problem."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(NotReadyError, _not_ready)
    app.add_exception_handler(StudioError, _refused)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for the OpenAPI description of a route."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        answers[status] = {"description": HTTPStatus(status).phrase, "content": content}
        if status in _HEADERS:
            answers[status]["headers"] = _HEADERS[status]
    return answers


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    code = status.name.lower()
    return problem(status, code, f"{status.description or status.phrase}.", error.headers)


async def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """Where it is wrong and why; the value itself may be a secret."""
    assert isinstance(error, RequestValidationError)
    places = [
        f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
        for found in error.errors()
    ]
    return problem(422, "malformed", "; ".join(places))


async def _not_ready(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NotReadyError)
    return problem(503, error.reason.code, str(error.reason))


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StudioError)
    status = _STATUS_OF_CODE.get(error.code)
    if status is None:
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
    told = reason_to_tell(error) if status == HTTPStatus.SERVICE_UNAVAILABLE else error
    return problem(status, told.code, str(told), _headers(status, error))


def _headers(status: HTTPStatus, error: StudioError) -> dict[str, str]:
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": "Bearer"}
        case HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, TooManyTriesError):
            return {"Retry-After": str(error.wait_s)}
    return {}
