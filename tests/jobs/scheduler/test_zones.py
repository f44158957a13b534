"""02:00 on the 1st by the studio's wall clock, also where it does not exist or comes twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from server_jobs.clock import Clock
from server_jobs.jobs.monthly import MONTHLY_CLOSING
from server_jobs.jobs.work import Work
from server_jobs.scheduler import ClockTrigger, Scheduler
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.extrato.due import DUE_HOUR
from studio_core.months import Month
from tests.books import Books
from tests.jobs.conftest import Jobs
from tests.zones import FIRST_DAYS, FirstDay

STEP = timedelta(minutes=20)


@pytest.mark.parametrize("first", FIRST_DAYS, ids=lambda first: first.what)
def test_a_month_is_closed_once_when_the_wall_first_shows_two_or_later(
    jobs: Jobs, books: Books, first: FirstDay
) -> None:
    books.set_zone(first.zone)
    books.pay("10.00", paid_on=Month.of(first.day).previous().last_day)
    closed_at: list[datetime] = []
    with Database(jobs.environment["DATABASE_URL"], application_name="tests") as database:
        settings = Settings(backup_dir=jobs.backup_dir, log_dir=jobs.log_dir)
        shown = first.begins() - 2 * STEP
        while shown < first.begins() + timedelta(hours=5):
            clock = Clock(shown - datetime.now(UTC))
            Scheduler(Work(database, settings, clock), [MONTHLY_CLOSING]).look()
            if not closed_at and books.value("SELECT count(*) FROM extratos"):
                closed_at.append(shown)
            shown += STEP
    due = first.shows(DUE_HOUR)
    assert len(closed_at) == 1
    assert timedelta(0) <= closed_at[0] - due < STEP
    assert books.rows("SELECT status FROM extrato_runs") == [("done",)]
    assert books.value("SELECT count(*) FROM backups") == 1
    assert books.value("SELECT count(*) FROM alerts") == 0


@pytest.mark.parametrize("first", FIRST_DAYS, ids=lambda first: first.what)
def test_the_bell_rings_when_the_wall_first_shows_two_or_later(first: FirstDay) -> None:
    cron = CronTrigger(**MONTHLY_CLOSING.at, timezone=ZoneInfo(first.zone))
    trigger = ClockTrigger(cron, Clock(timedelta(days=-3)))
    now = Clock(timedelta(days=-3)).true(first.begins() - timedelta(days=2))
    rung = trigger.get_next_fire_time(None, now)
    assert rung is not None
    assert rung - timedelta(days=3) == first.shows(DUE_HOUR)
