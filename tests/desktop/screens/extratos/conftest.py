"""A studio whose owner, manager and receptionist sign in; no month has entries yet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from server_jobs.jobs.requests import RequestRunner
from server_jobs.jobs.work import Work
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_desktop.theme.theme import Theme
from tests.desktop.screens.month_desk import Studio, make_studio
from tests.jobs.conftest import Jobs, jobs, jobs_url

__all__ = ["jobs", "jobs_url"]  # Fixtures of the server's own tests.


@pytest.fixture
def studio(qtbot: QtBot, theme: Theme, database: Database, tmp_path: Path) -> Studio:
    folder = tmp_path / "desk"  # Beside the server's.
    folder.mkdir()
    return make_studio(qtbot, theme, database, folder)


@pytest.fixture
def serving(jobs: Jobs) -> Iterator[Callable[[], None]]:
    """Starts what `serve` serves the desks with, inside this process; row by row."""
    with Database(jobs.environment["DATABASE_URL"], application_name="studio-jobs") as database:
        settings = Settings(backup_dir=jobs.backup_dir, log_dir=jobs.log_dir, batch_size=1)
        work = Work(database, settings)
        runner = RequestRunner(work)
        started: list[bool] = []

        def start() -> None:
            started.append(True)
            runner.start()

        yield start
        work.stopping.set()
        assert not started or runner.join(20)
