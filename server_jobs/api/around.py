"""Around every request: its correlation id, its time limit, its line in the log, its metrics."""

import asyncio
import re
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server_jobs.api.metrics import Metrics
from server_jobs.api.problems import problem, unexpected
from studio_core.observability import at_route, correlation, get_logger
from studio_core.sentences import sentence

_log = get_logger(__name__)

CORRELATION_HEADER = "X-Correlation-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# What monitors ask every few seconds is not worth a line, unless something is wrong.
_QUIET = {"/health", "/ready", "/ready/extrato", "/metrics"}


class AroundRequests:
    """The outermost layer. What escapes from a route is logged here and answered with 500."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, limit_s: float) -> None:
        self._app = app
        self._metrics = metrics
        self._limit_s = limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with correlation(_given_id(scope)) as the_id:
            await self._answer(scope, receive, _Answer(send, the_id))

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        started = time.perf_counter()
        # A HEAD is a GET whose body the server leaves out.
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else {**scope}
        method = _method(scope)
        try:
            with at_route(lambda: f"{method} {_route(inner)}"):
                async with asyncio.timeout(self._limit_s):
                    await self._app(inner, receive, answer)
        except TimeoutError:
            if not answer.begun:
                told = sentence("took_too_long_to_answer", {})
                await problem(503, "took_too_long", told)(inner, receive, answer)
        except Exception:  # noqa: BLE001 - the outermost layer: a caller always gets an answer.
            _log.exception("http_failed", route=_route(inner))
            if not answer.begun:
                await unexpected()(inner, receive, answer)
        self._tell(method, _route(inner), answer.status, time.perf_counter() - started)

    def _tell(self, method: str, route: str, status: int, seconds: float) -> None:
        self._metrics.answered(method, route, status, seconds)
        log = _log.bind(
            method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1)
        )
        if status >= 500:
            log.warning("http_answered")
        elif route not in _QUIET:
            log.info("http_answered")


class _Answer:
    """Passes an answer on with the correlation id, and remembers what it was."""

    def __init__(self, send: Send, correlation_id: str) -> None:
        self._send = send
        self._header = (CORRELATION_HEADER.lower().encode(), correlation_id.encode())
        self.begun = False
        self.status = 499  # The caller went away before there was an answer.

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self.status = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), self._header]}
        await self._send(message)


def _given_id(scope: Scope) -> str | None:
    """The caller's own id, when it may stand in a log."""
    wanted = CORRELATION_HEADER.lower().encode()
    for name, value in scope["headers"]:
        if name == wanted:
            given = str(value, "latin-1")
            return given if _GIVEN_ID.fullmatch(given) else None
    return None


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


def _route(scope: MutableMapping[str, Any]) -> str:
    """The route's pattern, so that neither logs nor metrics hold what a caller made up."""
    route = scope.get("route")
    return str(getattr(route, "path", "-"))
