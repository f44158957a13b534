"""The scheduler in this process: bells, catching up, failures and their back-off, leadership."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import URL

from server_jobs.clock import Clock
from server_jobs.jobs.failures import Patience
from server_jobs.jobs.leadership import leadership
from server_jobs.jobs.monthly import MONTHLY_CLOSING
from server_jobs.jobs.work import Chore, Work
from server_jobs.scheduler import ClockTrigger, Scheduler
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import AlreadyRunningError, RuleError
from studio_core.months import Month
from studio_core.observability import correlation_id
from tests.books import Books

BEFORE_CHRISTMAS = datetime(2025, 12, 20, 12, tzinfo=UTC)


class Sweeping:
    """A chore of tests, due until it was done."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.done: list[str | None] = []
        self.chore = Chore(
            "sweeping", "chore_clean_up", "sweeping_failed", {"hour": 3}, self.due, self.do
        )

    def due(self, _work: Work) -> str | None:
        return None if self.done else "the floor"

    def do(self, _work: Work) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.done.append(correlation_id())


def alerts(books: Books) -> list[tuple[str, ...]]:
    return books.rows("SELECT kind, severity, message FROM alerts ORDER BY id")


def make_alerts_older(books: Books, by: timedelta) -> None:
    with books.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alerts SET at = at - %s", (by,))


@pytest.mark.parametrize(
    ("zone", "first_bell"),
    [
        ("America/Sao_Paulo", datetime(2026, 1, 1, 5, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2025, 12, 31, 13, tzinfo=UTC)),
    ],
)
def test_bell_rings_on_the_first_at_two_by_the_clock_that_is_given(
    zone: str, first_bell: datetime
) -> None:
    for offset in (timedelta(), timedelta(days=-400), timedelta(days=3)):
        clock = Clock(offset)
        cron = CronTrigger(**MONTHLY_CLOSING.at, timezone=ZoneInfo(zone))
        trigger = ClockTrigger(cron, clock)
        rung = trigger.get_next_fire_time(None, clock.true(BEFORE_CHRISTMAS))
        assert rung is not None
        assert clock.shown(rung) == first_bell
        again = trigger.get_next_fire_time(rung, rung)
        assert again is not None
        assert clock.shown(again).astimezone(ZoneInfo(zone)).month == 2


def test_bells_follow_the_studios_zone(work: Work, books: Books) -> None:
    scheduler = Scheduler(work, [Sweeping().chore])
    scheduler.start()
    try:
        scheduler.look()
        before = scheduler.next_bell(Sweeping().chore)
        with books.database.transaction() as session:
            session.connection().exec_driver_sql(
                "INSERT INTO settings (key, value) VALUES ('time_zone', '\"Asia/Tokyo\"')"
            )
        scheduler.look()
        after = scheduler.next_bell(Sweeping().chore)
    finally:
        work.stopping.set()
        scheduler.stop()
    assert scheduler.join(10)
    assert before is not None
    assert after is not None
    assert after.astimezone(ZoneInfo("Asia/Tokyo")).hour == 3
    assert before.astimezone(ZoneInfo("America/Sao_Paulo")).hour == 3


def test_what_is_due_is_done_once_under_a_correlation_id(work: Work, books: Books) -> None:
    sweeping = Sweeping()
    scheduler = Scheduler(work, [sweeping.chore])
    scheduler.look()
    scheduler.look()
    assert len(sweeping.done) == 1
    assert sweeping.done[0]
    assert alerts(books) == []


def test_what_another_server_is_doing_is_left_to_it(work: Work, books: Books) -> None:
    sweeping = Sweeping()
    scheduler = Scheduler(work, [sweeping.chore])
    with leadership(work.database, sweeping.chore.name) as leading:
        assert leading
        scheduler.look()
    assert sweeping.done == []
    scheduler.look()
    assert len(sweeping.done) == 1


def test_what_another_server_did_meanwhile_is_not_done_again(work: Work, books: Books) -> None:
    sweeping = Sweeping()
    answers = iter(["the floor", None])
    chore = replace(sweeping.chore, due=lambda _work: next(answers))
    Scheduler(work, [chore]).look()
    assert sweeping.done == []


def test_failure_alerts_and_is_tried_again_later_each_time(work: Work, books: Books) -> None:
    sweeping = Sweeping(RuleError("try_again"), ValueError("a bug"), RuleError("try_again"))
    scheduler = Scheduler(work, [sweeping.chore], patience=Patience((60, 300, 900)))
    scheduler.look()
    assert [kind for kind, _, _ in alerts(books)] == ["sweeping_failed"]
    scheduler.look()
    assert len(sweeping.errors) == 2, "it must wait a minute"
    # What scheduler.look remembers begins with its first look, so it is moved back as well.
    for waited, left in ((59, 2), (2, 1), (299, 1), (2, 0), (899, 0)):
        make_alerts_older(books, timedelta(seconds=waited))
        scheduler._began_at = datetime.now(UTC) - timedelta(hours=2)
        scheduler.look()
        assert len(sweeping.errors) == left
    assert sweeping.done == []
    make_alerts_older(books, timedelta(seconds=2))
    scheduler.look()
    assert len(sweeping.done) == 1
    assert "Something went wrong" in alerts(books)[1][2]
    assert "a bug" not in str(alerts(books))


def test_it_is_given_up_in_the_end_until_a_restart(work: Work, books: Books) -> None:
    sweeping = Sweeping(*[RuleError("try_again")] * 3)
    scheduler = Scheduler(work, [sweeping.chore], patience=Patience((0, 0)))
    for _ in range(5):
        scheduler.look()
    assert sweeping.errors == []
    assert sweeping.done == []
    assert len(alerts(books)) == 3
    assert "not tried again before a restart" in alerts(books)[-1][2]
    Scheduler(work, [sweeping.chore]).look()
    assert len(sweeping.done) == 1


def test_closing_that_runs_elsewhere_is_no_failure(work: Work, books: Books) -> None:
    sweeping = Sweeping(AlreadyRunningError("already_running", month="2025-09"))
    scheduler = Scheduler(work, [sweeping.chore])
    scheduler.look()
    assert alerts(books) == []
    scheduler.look()
    assert len(sweeping.done) == 1


def test_backup_that_cannot_be_written_alerts_and_closes_nothing(
    work: Work, books: Books, tmp_path: Path
) -> None:
    last_month = Month.of(books.value("SELECT studio.today()")).previous()
    books.pay("10", paid_on=last_month.first_day)
    (tmp_path / "file").touch()
    broken = replace(work, settings=Settings(backup_dir=tmp_path / "file" / "backups"))
    Scheduler(broken, [MONTHLY_CLOSING]).look()
    ((kind, severity, message),) = alerts(books)
    assert (kind, severity) == ("closing_failed", "danger")
    assert last_month.label in message
    assert books.value("SELECT count(*) FROM extratos") == 0
    Scheduler(work, [MONTHLY_CLOSING]).look()
    assert books.value("SELECT count(*) FROM extratos") == 1


def test_month_opened_again_stays_open(work: Work, books: Books) -> None:
    last_month = Month.of(books.value("SELECT studio.today()")).previous()
    books.pay("10", paid_on=last_month.first_day)
    scheduler = Scheduler(work, [MONTHLY_CLOSING])
    scheduler.look()
    with books.database.transaction() as session:
        session.connection().exec_driver_sql(
            "SELECT studio.reopen_month(%s, 'late')", (last_month.first_day,)
        )
    scheduler.look()
    assert books.value("SELECT count(*) FROM extratos") == 1


def test_scheduler_waits_for_a_database_that_is_not_set_up(
    work: Work, empty_database_url: URL, caplog: pytest.LogCaptureFixture
) -> None:
    sweeping = Sweeping()
    with Database(empty_database_url, application_name="tests") as database:
        scheduler = Scheduler(replace(work, database=database), [sweeping.chore])
        scheduler.look()
        scheduler.look()
        assert sweeping.done == []
        said = [record for record in caplog.records if "scheduler_waiting" in record.getMessage()]
        assert len(said) == 1, "the same is said once"
        migrate(empty_database_url)
        scheduler.look()
    assert len(sweeping.done) == 1


def test_stop_ends_an_idle_scheduler_at_once(work: Work) -> None:
    scheduler = Scheduler(work, [])
    scheduler.start()
    assert threading.active_count() > 1
    work.stopping.set()
    scheduler.stop()
    assert scheduler.join(5)
