"""The command line against a real database, as a login that is in studio_jobs and no more."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from server_jobs.cli import main
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.config import setting_names
from studio_core.db.engine import Database
from studio_core.observability.logs import stop_logging
from tests.books import Books

PASSWORD = "wörk-er@pw"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Jobs:
    """Runs commands with an environment of their own, in a folder without a .env."""

    environment: dict[str, str]
    run_here: Callable[[tuple[str, ...], dict[str, str], str], Ran]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def __call__(self, *arguments: str, stdin: str = "", **changes: str) -> Ran:
        """Inside this process, which is quicker. changes: of the environment."""
        return self.run_here(arguments, self.environment | changes, stdin)

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        """The real command, in a process of its own."""
        kept = {name: value for name, value in os.environ.items() if name not in setting_names()}
        process = subprocess.Popen(
            [sys.executable, "-m", "server_jobs", *arguments],
            env=kept | self.environment | changes,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.started.append(process)
        return process

    @property
    def log_dir(self) -> Path:
        return Path(self.environment["LOG_DIR"])

    @property
    def backup_dir(self) -> Path:
        return Path(self.environment["BACKUP_DIR"])


@pytest.fixture
def books(database: Database) -> Books:
    """An empty studio with two artists: Ana at 50 %, Bento at 0 %."""
    return Books(database)


@pytest.fixture
def jobs_url(database: Database) -> URL:
    """A login in studio_jobs, made as `migrate` makes it."""
    url = database.url.set(username=f"{database.url.database}.jobs", password=PASSWORD)
    ensure_jobs_login(database.url, url)
    return url


def written(url: URL) -> str:
    """An address as a person writes it into .env."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def jobs(
    jobs_url: URL,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Jobs]:
    """studio-jobs, with DATABASE_URL and folders of this test. Refusals are expected in its log."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    before = logging.getLogger().level

    def run_here(arguments: tuple[str, ...], environment: dict[str, str], stdin: str) -> Ran:
        with monkeypatch.context() as patch:
            for name in setting_names():
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(stdin))
            capsys.readouterr()
            try:
                code = main(arguments)
            finally:
                stop_logging()
            written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    made = Jobs(
        {
            "DATABASE_URL": written(jobs_url),
            "BACKUP_DIR": str(tmp_path / "backups"),
            "LOG_DIR": str(tmp_path / "logs"),
        },
        run_here,
    )
    yield made
    for process in made.started:
        process.kill()
        process.communicate()
    logging.getLogger().setLevel(before)
