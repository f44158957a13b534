"""HTTP, the chores by the clock and the desks' requests, in one process."""

import logging
import signal
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from server_jobs.cli.job import Job
from server_jobs.cli.output import note, warn
from server_jobs.clock import Clock
from server_jobs.jobs.clean_up import CLEAN_UP
from server_jobs.jobs.full_backup import (
    BACKUP_COPIES,
    DAILY_BACKUP,
    OLD_BACKUPS,
    WEEKLY_DRILL,
)
from server_jobs.jobs.health import DAILY_HEALTH, health_requests
from server_jobs.jobs.hearing import Hearing
from server_jobs.jobs.monthly import MONTHLY_CLOSING
from server_jobs.jobs.requests import RequestRunner
from server_jobs.jobs.slack import SlackCourier
from server_jobs.jobs.work import Chore, Work
from server_jobs.scheduler import Scheduler
from studio_core.config import Settings
from studio_core.db.address import is_loopback
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError, UnavailableError
from studio_core.observability import get_logger

_log = get_logger(__name__)

# In the order in which they are attended to: health looks at what the others did.
CHORES: tuple[Chore, ...] = (
    MONTHLY_CLOSING,
    DAILY_BACKUP,
    BACKUP_COPIES,
    OLD_BACKUPS,
    WEEKLY_DRILL,
    CLEAN_UP,
    DAILY_HEALTH,
)

# A host that stops us kills after 30 s; docker compose is told so.
_ANSWERS_S = 5
_WORK_S = 20.0

_Certificate = tuple[Path, Path]
"""The files of a certificate and of its key."""


def run_server(running: Job, host: str, port: int) -> None:
    """Answers and attends to the chores until a signal ends it.

    port: 0 for a free one. Raises ConfigError for a port, a certificate or an address of the
    database that is of no use.
    """
    settings = running.settings
    certificate = _certificate(settings)
    url = settings.required_database_url()
    doors = Doors.of(settings)
    with Database(url, application_name="studio-jobs serve", pool_size=5) as database:
        _refuse_wrong_address(database)
        running.slow_queries.attach(database)
        with _listening(host, port) as listening:
            _serve(running, database, listening, certificate, doors)


def _serve(
    running: Job,
    database: Database,
    listening: socket.socket,
    certificate: _Certificate | None,
    doors: Doors,
) -> None:
    # It would tell of every look, several times a minute.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    clock = Clock(timedelta(seconds=running.settings.studio_clock_offset_s))
    work = Work(database, running.settings, clock)
    host, port = listening.getsockname()[:2]
    if certificate is None and not is_loopback(host):
        _log.warning("http_beyond_this_computer", host=host)
    server = _Server(create_app(database, clock, doors), work.stopping, certificate)
    scheduler, requests = Scheduler(work, CHORES), RequestRunner(work)
    courier, health = SlackCourier(work, running.slow_queries), health_requests(work)
    with server.stopped_by_signals():
        scheduler.start()
        requests.start()
        courier.start()
        health.start()
        _log.info(
            "serving",
            host=host,
            port=port,
            sign_in=doors.keys is not None,
            google=doors.google is not None,
        )
        scheme = "http" if certificate is None else "https"
        note(f"Serving on {scheme}://{host}:{port}. Stop it with Ctrl+C.")
        try:
            server.run([listening])
        finally:
            work.stopping.set()
            scheduler.stop()
            _wait_for(scheduler, requests, courier, health)
    _log.info("serving_ended")


def _wait_for(*threads: Scheduler | Hearing) -> None:
    """What does not end in time is left to the database, which rolls it back whole."""
    give_up = time.monotonic() + _WORK_S
    ended = [each.join(max(0.0, give_up - time.monotonic())) for each in threads]
    if not all(ended):
        _log.warning("work_left_behind")


class _Server(uvicorn.Server):
    """uvicorn's server, stopped by our own handling of signals: theirs ends with exit code 143."""

    def __init__(
        self, app: FastAPI, stopping: threading.Event, certificate: _Certificate | None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=_ANSWERS_S,
                ssl_certfile=certificate[0] if certificate is not None else None,
                ssl_keyfile=certificate[1] if certificate is not None else None,
            )
        )
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl+C end the body in good order."""

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            self._stopping.set()
            self.should_exit = True

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, on_signal) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _refuse_wrong_address(database: Database) -> None:
    """What no waiting mends is said at once; a database that is away may come back."""
    try:
        database.check()
    except UnavailableError as error:
        warn(str(error))
        _log.warning("serving_without_database", code=error.code)
    except RuleError as error:
        if error.code == "sign_in_refused":
            raise ConfigError("login_refused", login=database.url.username or "-") from error
        raise ConfigError(error.code, **error.params) from error


def _certificate(settings: Settings) -> _Certificate | None:
    """Read once before anything starts, so that a wrong file is a sentence and not a traceback."""
    if settings.serve_certificate is None or settings.serve_key is None:
        return None
    files = settings.serve_certificate, settings.serve_key
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files)
    except OSError as error:  # Of which ssl.SSLError is one.
        reason = error.reason if isinstance(error, ssl.SSLError) else error.strerror
        raise ConfigError(
            "serve_certificate_unusable", certificate=files[0], key=files[1], reason=reason or "-"
        ) from error
    return files


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Bound before anything starts, so that a taken port is a sentence and not a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError("serve_port_taken", host=host, port=port, reason=reason) from error
    with listening:
        yield listening
