"""Hears Google's answer: a server on 127.0.0.1 and a free port that serves one sign-in (RFC 8252).

Whoever else comes by – a browser's early connection, its wish for an icon, another program of this
computer with a guess – gets a page that says nothing and does not end the sign-in.
"""

import hmac
import queue
import socket
import socketserver
import sys
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from studio_core.errors import RuleError, StudioError, UnavailableError
from studio_core.observability import get_logger
from studio_desktop.signin.google.answer_page import AnswerPages

log = get_logger(__name__)

HOST = "127.0.0.1"
_LOOK_S = 0.1  # How soon Cancel is noticed.
_SILENT_S = 5  # Browsers open connections ahead and say nothing on them.
_REASON_LIMIT = 60
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class _Answer:
    """Either a code, or Google's word for why there is none."""

    code: str | None = field(default=None, repr=False)
    error: str | None = None


class Loopback:
    """Open from `with` to its end. redirect_uri: where Google is to send the browser."""

    def __init__(self, pages: AnswerPages) -> None:
        """Raises UnavailableError("no_loopback_port")."""
        self._pages = pages
        self._state: str | None = None
        self._answers: queue.Queue[_Answer] = queue.Queue(maxsize=1)
        try:
            self._server = _Server(self)
        except OSError as error:
            raise UnavailableError("no_loopback_port", reason=error.strerror) from error
        self._host = f"{HOST}:{self._server.server_port}"
        self.redirect_uri = f"http://{self._host}/"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK_S,), name="loopback", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for_code(self, state: str, *, wait_s: float, cancelled: threading.Event) -> str:
        """The authorisation code that came with this state.

        Raises RuleError: google_cancelled, google_denied, google_refused_sign_in;
        UnavailableError("google_took_too_long").
        """
        self._state = state
        give_up = time.monotonic() + wait_s
        while True:
            if cancelled.is_set():
                raise RuleError("google_cancelled")
            if time.monotonic() >= give_up:
                raise UnavailableError("google_took_too_long")
            try:
                answer = self._answers.get(timeout=_LOOK_S)
            except queue.Empty:
                continue
            if answer.code is None:
                raise _refusal(answer.error or "")
            return answer.code

    def page_for(self, target: str, host: str) -> tuple[HTTPStatus, str, _Answer | None]:
        """What to say to one request, and the answer in it if it is the one waited for."""
        parts = urlsplit(target)
        if parts.path != "/" or host != self._host:
            return HTTPStatus.NOT_FOUND, self._pages.foreign, None
        given = parse_qs(parts.query, keep_blank_values=True)
        if not self._is_ours(given.get("state", [])):
            log.info("foreign_answer_on_loopback")
            return HTTPStatus.BAD_REQUEST, self._pages.foreign, None
        code, error = given.get("code", []), given.get("error", [])
        if len(code) == 1 and code[0] and not error:
            return HTTPStatus.OK, self._pages.answered, _Answer(code=code[0])
        if error:
            return HTTPStatus.OK, self._pages.denied, _Answer(error=error[0])
        return HTTPStatus.BAD_REQUEST, self._pages.foreign, None

    def take(self, answer: _Answer) -> None:
        """The first one counts; a page that is loaded again changes nothing."""
        try:
            self._answers.put_nowait(answer)
        except queue.Full:
            log.info("second_answer_on_loopback")

    def _is_ours(self, states: list[str]) -> bool:
        return (
            self._state is not None
            and len(states) == 1
            and hmac.compare_digest(states[0].encode(), self._state.encode())
        )


def _refusal(reason: str) -> StudioError:
    if reason == "access_denied":
        return RuleError("google_denied")
    return RuleError("google_refused_sign_in", reason=reason[:_REASON_LIMIT])


class _Server(ThreadingHTTPServer):
    """A thread for each connection: one that says nothing must not keep the answer out."""

    daemon_threads = True
    # On Windows, reuse means that another program may take the same port as well.
    allow_reuse_address = False

    def __init__(self, loopback: Loopback) -> None:
        self.loopback = loopback
        super().__init__((HOST, 0), _Handler)

    def server_bind(self) -> None:
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        # http.server's own asks the name service for this computer's name, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle; socketserver would print a traceback."""
        log.info("loopback_connection_broken")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SILENT_S

    def do_GET(self) -> None:
        status, page, answer = self.server.loopback.page_for(
            self.path, self.headers.get("Host", "")
        )
        try:
            self._send(status, page)
        finally:
            # Only now: the server may end as soon as the answer is known.
            if answer is not None:
                self.server.loopback.take(answer)

    def _send(self, status: HTTPStatus, page: str) -> None:
        body = page.encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def version_string(self) -> str:
        return "studio-desktop"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the line would hold the code."""
