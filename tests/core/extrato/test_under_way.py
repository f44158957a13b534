"""What closes or is asked for, as every desk of the owners and managers reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from studio_core.db.engine import Database
from studio_core.extrato.request_work import name_run, request_correlation, take_next
from studio_core.extrato.requests import request_extrato
from studio_core.extrato.runs import Progress, recorded_run
from studio_core.extrato.under_way import (
    ClosingUnderWay,
    cancel_closing,
    closings_under_way,
    follow_request,
)
from studio_core.months import Month
from tests.books import MONTH, Books

AUGUST = Month(2025, 8)


def test_request_is_told_from_its_filing_to_its_end(books: Books) -> None:
    database = books.database
    request_id = ask(database)
    assert (only(database).stage, only(database).forsaken) == ("asked", True)
    assert only(database).request_id == request_id
    with taken(database) as worker:
        assert (only(database).stage, only(database).run_id) == ("taken", None)
        with recorded_run(
            database,
            month=MONTH,
            action="close",
            correlation_id=request_correlation(request_id),
            stage="writing",
        ) as run:
            assert only(database).stage == "taken"
            with database.transaction() as session:
                name_run(session, request_id)
            assert (only(database).stage, only(database).run_id) == ("writing", run.id)
            run.report(Progress("payments", 3, 9), always=True)
            found = only(database)
            assert (found.stage, found.rows_done, found.rows_total) == ("payments", 3, 9)
            assert not found.forsaken
            with database.transaction() as session:
                cancel_closing(session, found)
            assert only(database).cancel_requested
        worker.close()
    until_forsaken(database)
    with database.transaction() as session:
        state, under_way = follow_request(session, request_id)
    assert (state.status, under_way) == ("taken", only(database))
    assert (only(database).stage, only(database).run_id) == ("interrupted", None)
    with database.transaction() as session:
        cancel_closing(session, only(database))
    with database.transaction() as session:
        state, under_way = follow_request(session, request_id)
        assert closings_under_way(session) == ()
    assert (state.status, under_way) == ("given_up", None)


def test_request_behind_another_one_is_queued(books: Books) -> None:
    ask(books.database, AUGUST)
    ask(books.database)
    assert [each.stage for each in under_way(books.database)] == ["asked", "asked"]
    with taken(books.database):
        found = under_way(books.database)
        assert [(each.month, each.stage) for each in found] == [
            (AUGUST, "taken"),
            (MONTH, "queued"),
        ]
        assert not found[1].forsaken


def test_run_that_nobody_asked_for_stands_first(books: Books) -> None:
    ask(books.database, AUGUST)
    with recorded_run(books.database, month=MONTH, action="close") as run:
        found = under_way(books.database)
        assert [(each.month, each.run_id, each.person) for each in found] == [
            (MONTH, run.id, None),
            (AUGUST, None, None),
        ]
        with books.database.transaction() as session:
            cancel_closing(session, found[0])
        run.report(Progress("begin", 0, 0), always=True)
        assert run.cancel_requested()
    with recorded_run(books.database, month=MONTH, action="reopen"):
        assert [each.month for each in under_way(books.database)] == [AUGUST]


@pytest.mark.parametrize("group", ["studio_owner", "studio_manager"])
def test_leaders_read_it(books: Books, group: str) -> None:
    ask(books.database)
    with books.database.transaction() as session:
        session.connection().exec_driver_sql(f"SET LOCAL ROLE {group}")
        assert [each.month for each in closings_under_way(session)] == [MONTH]


def ask(database: Database, month: Month = MONTH) -> int:
    with database.transaction() as session:
        return request_extrato(session, month=month)


@contextmanager
def taken(database: Database) -> Iterator[Connection]:
    """The oldest request in the hands of a worker that lives as long as the body."""
    with database.connection() as worker:
        with database.transaction() as session:
            assert take_next(session, worker) is not None
        yield worker


def under_way(database: Database) -> tuple[ClosingUnderWay, ...]:
    with database.transaction() as session:
        return closings_under_way(session)


def only(database: Database) -> ClosingUnderWay:
    (found,) = under_way(database)
    return found


def until_forsaken(database: Database) -> None:
    """The server needs a moment longer than a connection to give up its locks."""
    for _ in range(1000):
        if only(database).forsaken:
            return
        with database.transaction() as session:
            session.execute(text("SELECT pg_sleep(0.01)"))  # Until it has noticed.
    raise AssertionError("the worker's locks outlive it")
