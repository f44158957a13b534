"""The server looks at the studio's health: daily, after a closing, and when an owner asks."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from server_jobs.clock import Clock
from server_jobs.jobs.closing import back_up_and_close
from server_jobs.jobs.health import DAILY_HEALTH, health_requests, look_if_asked
from server_jobs.jobs.work import Work
from server_jobs.scheduler import Scheduler
from studio_core.db.engine import Database
from studio_core.errors import UnavailableError
from studio_core.extrato.health_reports import Report, recent_reports, request_health
from tests.books import MONTH, Books
from tests.jobs.conftest import Jobs
from tests.jobs.serving import serve, wait_until


def reports(books: Books) -> tuple[Report, ...]:
    """Newest first."""
    with books.database.transaction() as session:
        return recent_reports(session)


def ask(books: Books) -> int:
    with books.database.transaction() as session:
        return request_health(session)


def status(books: Books, report_id: int) -> str:
    told: str = books.value("SELECT status FROM health_reports WHERE id = :id", id=report_id)
    return told


def make_reports_older(books: Books, by: timedelta) -> None:
    with books.database.transaction() as session:
        session.execute(text("UPDATE health_reports SET started_at = started_at - :by"), {"by": by})


def test_server_looks_once_a_day(work: Work, books: Books) -> None:
    scheduler = Scheduler(work, [DAILY_HEALTH])
    scheduler.look()
    scheduler.look()
    (report,) = reports(books)
    assert report.looked_by == work.database.url.username
    assert report.looked_on
    make_reports_older(books, timedelta(days=1))
    scheduler.look()
    scheduler.look()
    assert len(reports(books)) == 2


def test_morning_is_the_studios_by_the_clock_that_is_given(work: Work, books: Books) -> None:
    Scheduler(work, [DAILY_HEALTH]).look()
    in_a_year = Work(work.database, work.settings, Clock(timedelta(days=365)))
    Scheduler(in_a_year, [DAILY_HEALTH]).look()
    assert len(reports(books)) == 1, "by that clock the look was a moment ago as well"


def test_closing_is_looked_at_when_it_is_done(work: Work, books: Books) -> None:
    scheduler = Scheduler(work, [DAILY_HEALTH])
    scheduler.look()
    books.pay("100")
    back_up_and_close(work, MONTH)
    scheduler.look()
    scheduler.look()
    after, before = reports(books)
    assert any(one.code == "health_nothing_closed" for one in before.of_subject("backups"))
    assert any(one.code == "health_backup_verified" for one in after.of_subject("backups"))


def test_second_place_of_backups_is_looked_at(work: Work, books: Books, tmp_path: Path) -> None:
    settings = work.settings.model_copy(update={"backup_copy_dir": tmp_path})
    Scheduler(Work(work.database, settings), [DAILY_HEALTH]).look()
    (report,) = reports(books)
    assert "health_copied" in [one.code for one in report.of_subject("backups")]


def test_many_servers_look_once(work: Work, books: Books, jobs: Jobs) -> None:
    def one() -> None:
        with Database(jobs.environment["DATABASE_URL"], application_name="tests") as own:
            Scheduler(Work(own, work.settings), [DAILY_HEALTH]).look()

    servers = [threading.Thread(target=one) for _ in range(3)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert len(reports(books)) == 1


def test_nobody_looks_without_being_asked(work: Work, books: Books) -> None:
    look_if_asked(work)
    assert reports(books) == ()


def test_owner_who_asks_is_answered_heard_at_once_or_not(work: Work, books: Books) -> None:
    hearing = health_requests(work)
    hearing.start()
    missed = ask(books)
    wait_until(lambda: status(books, missed) == "done")
    heard = ask(books)
    assert heard != missed
    wait_until(lambda: status(books, heard) == "done")
    work.stopping.set()
    assert hearing.join(5)


def test_owner_who_asks_is_told_why_nobody_could_look(
    work: Work, books: Books, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise UnavailableError("took_too_long")

    monkeypatch.setattr("studio_core.extrato.health_looking.look_at_health", broken)
    wish = ask(books)
    look_if_asked(work)
    assert books.rows("SELECT status, message FROM health_reports WHERE id = :id", id=wish) == [
        ("failed", "That took too long and was stopped. Nothing was changed.")
    ]
    assert "health_not_looked_at" in caplog.text


def test_look_that_fails_is_a_failed_chore(
    work: Work, books: Books, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise UnavailableError("took_too_long")

    monkeypatch.setattr("studio_core.extrato.health_looking.look_at_health", broken)
    Scheduler(work, [DAILY_HEALTH]).look()
    ((kind, message),) = books.rows("SELECT kind, message FROM alerts")
    assert kind == "health_failed"
    assert message.startswith("Look at the studio's health (daily) failed: ")
    assert "chore_failed" in caplog.text


def test_monitor_keeps_nothing(jobs: Jobs, books: Books) -> None:
    before = books.everything()
    assert jobs("monitor").code == 0
    assert books.everything() == before


def test_running_server_answers_an_owner(jobs: Jobs, books: Books) -> None:
    served = serve(jobs)
    wait_until(lambda: len(reports(books)) == 1)
    wish = ask(books)
    wait_until(lambda: status(books, wish) == "done")
    served.stop()
    assert "health_looked_at" in (jobs.log_dir / "app.log").read_text("utf-8")
