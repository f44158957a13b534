"""Requests carried out in this process: done, refused, failed, stopped, and a bug of ours."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from server_jobs.jobs.closing import back_up_and_close
from server_jobs.jobs.requests import RequestRunner, serve_requests
from server_jobs.jobs.work import Work
from studio_core.config import Settings
from studio_core.errors import UnavailableError
from studio_core.extrato.requests import RequestState, request_extrato, request_state
from studio_core.extrato.runs import recorded_run
from studio_core.months import Month
from studio_core.observability import correlation_id
from tests.books import MONTH, Books
from tests.jobs.conftest import Jobs
from tests.jobs.serving import wait_until


def ask(books: Books, month: Month = MONTH, *, force: bool = False) -> int:
    with books.database.transaction() as session:
        return request_extrato(session, month=month, force=force)


def outcome(books: Books, request_id: int) -> RequestState:
    with books.database.transaction() as session:
        found = request_state(session, request_id)
    assert found is not None
    return found


def test_request_backs_up_and_closes(work: Work, books: Books, jobs: Jobs) -> None:
    books.pay("300")
    request_id = ask(books)

    assert serve_requests(work) == 1
    found = outcome(books, request_id)
    assert (found.status, found.message) == ("done", None)
    question = "SELECT status, correlation_id FROM extrato_runs WHERE id = :id"
    assert books.rows(question, id=found.run_id) == [("done", f"request-{request_id}")]
    assert len(list(jobs.backup_dir.glob("*.backup.zip"))) == 1
    assert serve_requests(work) == 0


def test_refused_request_says_why(work: Work, books: Books, jobs: Jobs) -> None:
    today: date = books.value("SELECT studio.today()")
    running = ask(books, Month.of(today))
    closed = ask(books)
    serve_requests(work)
    again = ask(books)
    forced = ask(books, MONTH.next(), force=True)
    serve_requests(work)

    assert outcome(books, running).status == "refused"
    assert "not over" in str(outcome(books, running).message)
    assert outcome(books, closed).status == "done"
    assert "already closed" in str(outcome(books, again).message)
    assert outcome(books, forced).status == "done"


def test_request_that_meets_a_bug_fails_without_telling_values(
    work: Work, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Ana Tinta")

    monkeypatch.setattr("server_jobs.jobs.requests.back_up_and_close", broken)
    request_id = ask(books)

    assert serve_requests(work) == 1
    found = outcome(books, request_id)
    assert found.status == "failed"
    assert f"request-{request_id}" in str(found.message)
    assert "Ana" not in str(found.message)


def test_request_without_room_for_its_backup_is_told(
    work: Work, books: Books, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    broken = replace(work, settings=Settings(backup_dir=tmp_path / "file" / "backups"))
    request_id = ask(books)

    serve_requests(broken)
    assert outcome(books, request_id).status in ("refused", "failed")
    assert "Cannot write" in str(outcome(books, request_id).message)


def test_request_whose_closing_may_be_done_is_settled_by_what_is_found(
    work: Work, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is lost at the commit, and nobody could say in time how it ended."""

    def lost(work: Work, month: Month, **_: object) -> None:
        with recorded_run(
            work.database, month=month, action="close", correlation_id=correlation_id()
        ):
            raise UnavailableError("connection_lost")

    books.pay("300")
    monkeypatch.setattr("server_jobs.jobs.requests.back_up_and_close", lost)
    request_id = ask(books)
    serve_requests(work)
    assert outcome(books, request_id).status == "taken"
    monkeypatch.undo()
    wait_until(lambda: serve_requests(work) == 1, 10)
    assert outcome(books, request_id).status == "done"
    assert books.rows("SELECT status FROM extrato_runs ORDER BY id") == [("died",), ("done",)]


def test_server_that_stops_leaves_the_request_waiting_for_the_next(
    work: Work, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_meanwhile(*given: object, **named: object) -> object:
        work.stopping.set()
        return back_up_and_close(*given, **named)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr("server_jobs.jobs.requests.back_up_and_close", stopped_meanwhile)
    request_id = ask(books)

    serve_requests(work)
    assert outcome(books, request_id).status == "waiting"
    work.stopping.clear()
    monkeypatch.undo()
    serve_requests(work)
    assert outcome(books, request_id).status == "done"


def test_runner_hears_of_a_request_and_stops_when_told(work: Work, books: Books) -> None:
    missed = ask(books)
    runner = RequestRunner(work)
    runner.start()
    wait_until(lambda: outcome(books, missed).over, 10)
    heard = ask(books, MONTH.next())
    wait_until(lambda: outcome(books, heard).over, 10)
    work.stopping.set()
    assert runner.join(5)


def test_runner_survives_the_end_of_its_connection(work: Work, books: Books) -> None:
    runner = RequestRunner(work)
    runner.start()
    listening = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE :name"
    wait_until(lambda: books.value(listening, name="studio-jobs requests%"), 10)
    books.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'studio-jobs requests' AND datname = current_database()"
    )
    request_id = ask(books)
    wait_until(lambda: outcome(books, request_id).over, 15)
    work.stopping.set()
    assert runner.join(5)
