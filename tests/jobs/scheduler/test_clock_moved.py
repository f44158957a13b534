"""Clocks set back over the end of a month: the scheduler's, the server's and the database's."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from server_jobs.clock import Clock
from server_jobs.jobs.monthly import MONTHLY_CLOSING
from server_jobs.jobs.work import Work
from server_jobs.scheduler import Scheduler
from studio_core.config import Settings
from studio_core.db.embedded import EmbeddedServer
from studio_core.db.embedded.binaries import BINARIES_VARIABLE
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.verify import verify_chain
from studio_core.months import Month
from tests.background import wait_until
from tests.books import Books
from tests.jobs.conftest import Jobs
from tests.moved_clock import MovedClock

# In São Paulo: the moment at which September is due, and moments around it.
DUE = datetime(2025, 10, 1, 5, tzinfo=UTC)
BEFORE_MONTH_END = DUE - timedelta(days=2)


def look_at(database: Database, jobs: Jobs, shown: datetime | None = None) -> None:
    """As a server looks whose clock shows that; None: the true time."""
    clock = Clock() if shown is None else Clock(shown - datetime.now(UTC))
    settings = Settings(backup_dir=jobs.backup_dir, log_dir=jobs.log_dir)
    Scheduler(Work(database, settings, clock), [MONTHLY_CLOSING]).look()


@pytest.fixture
def jobs_database(jobs: Jobs) -> Iterator[Database]:
    with Database(jobs.environment["DATABASE_URL"], application_name="tests") as database:
        yield database


def test_schedulers_clock_moved_back_over_month_end_after_the_closing_closes_nothing_more(
    jobs: Jobs, books: Books, jobs_database: Database
) -> None:
    books.fill(10)
    for shown in (DUE, BEFORE_MONTH_END, DUE - timedelta(seconds=1), DUE, DUE + timedelta(days=9)):
        look_at(jobs_database, jobs, shown)
        assert books.rows("SELECT month, version FROM extratos") == [(9, 1)]
    assert books.rows("SELECT status FROM extrato_runs") == [("done",)]
    assert books.value("SELECT count(*) FROM backups") == 1
    assert books.value("SELECT count(*) FROM alerts") == 0


def test_schedulers_clock_moved_back_over_month_end_before_the_closing_closes_once(
    jobs: Jobs, books: Books, jobs_database: Database
) -> None:
    books.fill(10)
    before = books.snapshot()
    for shown in (DUE - timedelta(minutes=1), BEFORE_MONTH_END, DUE - timedelta(minutes=1)):
        look_at(jobs_database, jobs, shown)
        assert books.snapshot() == before
    for shown in (DUE + timedelta(minutes=1), DUE + timedelta(hours=1)):
        look_at(jobs_database, jobs, shown)
    assert books.rows("SELECT status FROM extrato_runs") == [("done",)]
    assert books.value("SELECT count(*) FROM archive.payments") == 10


def test_schedulers_clock_ahead_of_the_databases_closes_no_month_that_is_not_over(
    jobs: Jobs, books: Books, jobs_database: Database
) -> None:
    running = Month.of(books.value("SELECT studio.today()"))
    books.pay("10.00", paid_on=running.first_day)
    before = books.snapshot(running)
    last = running.previous()
    close_month(
        books.database,
        month=last,
        options=ClosingOptions(backup_dir=jobs.backup_dir, require_backup=False),
    )
    look_at(jobs_database, jobs, datetime.now(UTC) + timedelta(days=40))
    assert books.snapshot(running) == before
    assert books.value("SELECT count(*) FROM extratos") == 1
    ((message,),) = books.rows("SELECT message FROM alerts")
    assert f"{running.label} is not over yet" in message


def test_failures_of_a_time_that_has_not_come_do_not_keep_the_closing_waiting(
    jobs: Jobs, books: Books, jobs_database: Database
) -> None:
    """The database's clock was days ahead when it failed, and was set right since."""
    books.fill(10)
    settings = Settings(backup_dir=jobs.backup_dir, log_dir=jobs.log_dir)
    clock = Clock(DUE + timedelta(minutes=1) - datetime.now(UTC))
    scheduler = Scheduler(Work(jobs_database, settings, clock), [MONTHLY_CLOSING])
    jobs.backup_dir.touch()  # A file where the folder should be.
    scheduler.look()
    with books.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alerts SET at = at + interval '9 days'")
    jobs.backup_dir.unlink()
    scheduler.look()
    assert books.value("SELECT count(*) FROM extratos") == 1


def test_servers_clock_moved_back_while_it_runs_does_not_stop_it_from_looking(
    jobs: Jobs, tmp_path: Path
) -> None:
    clock = MovedClock.in_folder(tmp_path)
    looks: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.scheduler.clockwork"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, **clock.environment},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(jobs.environment["DATABASE_URL"] + "\n")
        process.stdin.flush()
        listening = threading.Thread(target=lambda: looks.extend(iter(process.stdout.readline, "")))  # type: ignore[union-attr] # Asserted above.
        listening.start()
        try:
            wait_until(lambda: len(looks) >= 2)
            for moved in (timedelta(days=-3), timedelta(days=400), timedelta(days=-70)):
                clock.move(moved)
                before = len(looks)
                wait_until(lambda before=before: len(looks) >= before + 2)  # type: ignore[misc] # Bound at once.
        finally:
            process.stdin.close()
            process.wait(30)
            listening.join()


@pytest.fixture
def moved_server(run_root: Path, worker_name: str) -> Iterator[tuple[MovedClock, URL]]:
    """A database server of this test's own, and the clock it goes by."""
    folder = run_root / f"clock-{worker_name}"
    folder.mkdir(mode=0o711)
    clock = MovedClock.in_folder(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BINARIES_VARIABLE, str(clock.server_binaries(folder / "bin")))
        with EmbeddedServer(folder / "server", profile="fast") as server:
            url = server.create_database("moved")
            migrate(url)
            yield clock, url


def test_databases_clock_moved_back_over_month_end_closes_nothing_early_and_nothing_twice(
    jobs: Jobs, moved_server: tuple[MovedClock, URL]
) -> None:
    clock, url = moved_server
    with Database(url, application_name="tests") as database:
        books = Books(database)
        today = books.value("SELECT studio.today()")
        month = Month.of(today).previous()
        books.fill(10, month)
        before = books.snapshot(month)
        options = ClosingOptions(backup_dir=jobs.backup_dir)
        create_backup(database, month=month, directory=jobs.backup_dir)
        back = month.first_day + timedelta(days=19) - today

        clock.move(back)
        assert books.value("SELECT studio.today()") == month.first_day + timedelta(days=19)
        with pytest.raises(RuleError, match="not over yet"):
            close_month(database, month=month, options=options)
        assert books.snapshot(month) == before

        clock.move(timedelta())
        assert close_month(database, month=month, options=options).statement.version == 1

        clock.move(back)
        assert books.value("SELECT studio.today()") < month.first_day_after
        for force in (False, True):
            with pytest.raises(RuleError, match="not over yet"):
                close_month(
                    database,
                    month=month,
                    options=ClosingOptions(backup_dir=jobs.backup_dir, force=force),
                )
        with pytest.raises(RuleError, match="is closed"):
            books.pay("1.00", paid_on=month.first_day)
        runs = books.value("SELECT count(*) FROM extrato_runs")
        look_at(database, jobs)
        clock.move(timedelta())
        look_at(database, jobs)
        assert books.value("SELECT count(*) FROM extrato_runs") == runs
        assert books.value("SELECT count(*) FROM alerts") == 0

        assert books.value("SELECT count(*) FROM archive.payments") == 10
        again = ClosingOptions(backup_dir=jobs.backup_dir, force=True, require_backup=False)
        create_backup(database, month=month, directory=jobs.backup_dir)
        assert close_month(database, month=month, options=again).statement.version == 2
        with database.transaction() as session:
            assert verify_chain(session) == ()
