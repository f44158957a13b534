"""What the server's chores and requests are given to work with."""

from collections.abc import Iterator

import pytest

from server_jobs.jobs.work import Work
from studio_core.config import Settings
from studio_core.db.engine import Database
from tests.jobs.conftest import Jobs


@pytest.fixture
def work(jobs: Jobs) -> Iterator[Work]:
    """As studio_jobs."""
    with Database(jobs.environment["DATABASE_URL"], application_name="tests") as database:
        yield Work(database, Settings(backup_dir=jobs.backup_dir, log_dir=jobs.log_dir))
