"""The application behind a real HTTP server on this computer, and a real client of it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI

from server_jobs.api.around import CORRELATION_HEADER
from server_jobs.api.problems import PROBLEM_TYPE


@dataclass
class Web:
    """Asks one server, as any program would."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, token: str | None = None, **params: Any) -> requests.Response:
        return self.session.get(self.url + path, params=params, headers=_bearer(token), timeout=30)

    def post(self, path: str, json: Any = None, token: str | None = None) -> requests.Response:
        return self.session.post(self.url + path, json=json, headers=_bearer(token), timeout=30)

    def log_in(self, email: str, password: str) -> requests.Response:
        return self.post("/auth/login", {"email": email, "password": password})

    def token(self, email: str, password: str) -> str:
        answer = self.log_in(email, password)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


@contextmanager
def serving(app: FastAPI) -> Iterator[Web]:
    """A server thread on a free port, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                app, lifespan="off", log_config=None, access_log=False, proxy_headers=False
            )
        )
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        web = Web(f"http://127.0.0.1:{listening.getsockname()[1]}")
        while not server.started:
            time.sleep(0.01)  # It tells nobody when it has begun.
        try:
            yield web
        finally:
            web.session.close()
            server.should_exit = True
            thread.join(timeout=30)
            assert not thread.is_alive()


def is_problem(answer: requests.Response, status: int, code: str) -> bool:
    """The one shape that all refusals have."""
    told = answer.json()
    assert answer.headers["Content-Type"] == PROBLEM_TYPE, answer.text
    assert answer.headers[CORRELATION_HEADER] == told["correlation_id"]
    assert told["title"]
    assert told["detail"]
    found = (answer.status_code, told["status"], told["code"])
    assert found == (status, status, code), answer.text
    return True
