"""What serve does about full backups by itself: when, once, and what it says when it fails."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from server_jobs.clock import Clock
from server_jobs.jobs.failures import Patience
from server_jobs.jobs.full_backup import BACKUP_COPIES, DAILY_BACKUP, OLD_BACKUPS, WEEKLY_DRILL
from server_jobs.jobs.work import Work
from server_jobs.scheduler import Scheduler
from studio_core.config import Settings
from studio_core.db.engine import Database
from tests.books import Books
from tests.jobs.conftest import Jobs

CHORES = (DAILY_BACKUP, BACKUP_COPIES, OLD_BACKUPS, WEEKLY_DRILL)


@pytest.fixture
def work(jobs: Jobs, tmp_path: Path) -> Iterator[Work]:
    """As studio_jobs, with a second place."""
    (tmp_path / "second").mkdir()
    settings = Settings(
        backup_dir=jobs.backup_dir, backup_copy_dir=tmp_path / "second", log_dir=jobs.log_dir
    )
    with Database(jobs.environment["DATABASE_URL"], application_name="tests") as database:
        yield Work(database, settings)


def record(books: Books) -> list[tuple[bool, bool, bool]]:
    return books.rows(
        "SELECT copied_at IS NOT NULL, drilled_at IS NOT NULL, removed_at IS NOT NULL"
        " FROM full_backups ORDER BY id"
    )


def alerts(books: Books) -> list[tuple[str, str]]:
    return books.rows("SELECT kind, message FROM alerts ORDER BY id")


def make_older(books: Books, by: timedelta) -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "UPDATE full_backups SET created_at = created_at - :by,"
                " drilled_at = drilled_at - :by"
            ),
            {"by": by},
        )


def test_each_day_one_is_made_and_copied_and_each_week_one_is_tried(
    work: Work, books: Books
) -> None:
    scheduler = Scheduler(work, CHORES)
    scheduler.look()
    scheduler.look()
    assert record(books) == [(True, False, False)]
    make_older(books, timedelta(days=8))
    scheduler.look()
    assert record(books) == [(True, False, False), (True, True, False)]
    scheduler.look()
    assert len(record(books)) == 2
    make_older(books, timedelta(days=900))
    scheduler.look()
    # Of those of long ago the newest that was proved stays.
    assert record(books) == [(True, False, True), (True, True, False), (True, True, False)]
    assert alerts(books) == []
    names = sorted(file.name for file in work.settings.backup_dir.iterdir())
    assert len(names) == 2
    assert work.settings.backup_copy_dir is not None
    assert sorted(file.name for file in work.settings.backup_copy_dir.iterdir()) == names


def test_by_a_clock_set_otherwise_it_is_made_once_as_well(work: Work, books: Books) -> None:
    shifted = replace(work, clock=Clock(timedelta(days=-400)))
    scheduler = Scheduler(shifted, [DAILY_BACKUP])
    scheduler.look()
    scheduler.look()
    assert len(record(books)) == 1


def test_a_backup_that_fails_alerts_and_is_tried_again(
    work: Work, books: Books, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    broken = replace(work, settings=Settings(backup_dir=tmp_path / "file" / "backups"))
    Scheduler(broken, [DAILY_BACKUP], patience=Patience((0,))).look()
    ((kind, message),) = alerts(books)
    assert kind == "backup_failed"
    assert message.startswith("Daily backup (")
    assert "Cannot write" in message
    Scheduler(work, [DAILY_BACKUP]).look()
    assert len(record(books)) == 1


def test_a_copy_that_fails_alerts_and_is_made_up_for(
    work: Work, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    assert work.settings.backup_copy_dir is not None
    work.settings.backup_copy_dir.rmdir()
    scheduler = Scheduler(work, CHORES, patience=Patience((0, 0)))
    scheduler.look()
    assert record(books) == [(False, False, False)]
    ((kind, message),) = alerts(books)
    assert kind == "backup_failed"
    assert "is not there" in message
    work.settings.backup_copy_dir.mkdir()
    scheduler.look()
    assert record(books) == [(True, False, False)]


def test_a_trial_that_fails_alerts_with_the_reason_and_waits_for_the_next_week(
    work: Work, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = Scheduler(work, [DAILY_BACKUP, WEEKLY_DRILL], patience=Patience((0, 0)))
    scheduler.look()
    make_older(books, timedelta(days=8))
    for file in work.settings.backup_dir.iterdir():
        file.write_bytes(b"damaged")
    Scheduler(work, [WEEKLY_DRILL], patience=Patience((0, 0))).look()
    ((kind, message),) = alerts(books)
    assert kind == "drill_failed"
    assert "not a whole file" in message
    Scheduler(work, [WEEKLY_DRILL], patience=Patience((0, 0))).look()
    assert len(alerts(books)) == 1
    assert books.value("SELECT drill_message FROM full_backups") in message
