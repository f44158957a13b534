"""Real `studio-jobs serve` processes on free ports of this computer."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.books import Books
from tests.jobs.conftest import Jobs

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """One running server."""

    process: subprocess.Popen[str]
    url: str

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, method=method, headers=named)
        started = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(
                    answer.status,
                    dict(answer.headers),
                    answer.read().decode(),
                    time.monotonic() - started,
                )
        except urllib.error.HTTPError as error:
            with error:
                return Answer(
                    error.code,
                    dict(error.headers),
                    error.read().decode(),
                    time.monotonic() - started,
                )

    def stop(self) -> str:
        """By SIGTERM; what it wrote. It must end well, and in time."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, said
        return said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def begin(jobs: Jobs, **changes: str) -> Served:
    """A server that was started and may not answer yet."""
    port = free_port()
    process = jobs.start("serve", SERVE_PORT=str(port), **changes)
    return Served(process, f"http://127.0.0.1:{port}")


def wait_until_alive(served: Served) -> None:
    def alive() -> bool:
        assert served.process.poll() is None, served.process.communicate()
        try:
            return served.get("/health").status == 200
        except OSError:
            return False

    wait_until(alive)


def serve(jobs: Jobs, **changes: str) -> Served:
    """A server that answers."""
    served = begin(jobs, **changes)
    wait_until_alive(served)
    return served


def wait_until(question: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    give_up = time.monotonic() + patience_s
    while not question():
        assert time.monotonic() < give_up, "it never came to be"
        time.sleep(0.05)


def clock_set_before_the_first(seconds: float) -> dict[str, str]:
    """The environment of a server whose clock shows 02:00 on the 1st in so many seconds."""
    now = datetime.now(UTC)
    zone = ZoneInfo("America/Sao_Paulo")
    at_studio = now.astimezone(zone)
    the_first = at_studio.replace(day=1, hour=2, minute=0, second=0, microsecond=0)
    offset = (the_first - now).total_seconds() - seconds
    return {"STUDIO_ENV": "development", "STUDIO_CLOCK_OFFSET_S": str(int(offset))}


def last_runs(books: Books) -> list[tuple[Any, ...]]:
    return books.rows("SELECT action, status FROM extrato_runs ORDER BY id")
