"""A request to close a month: filed, taken by one, settled, and found again after a death."""

import threading

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.requests import (
    RequestState,
    name_run,
    release,
    request_correlation,
    request_extrato,
    request_state,
    settle,
    settle_abandoned,
    take_next,
)
from studio_core.months import Month
from tests.books import MONTH


def ask(database: Database, month: Month = MONTH, *, force: bool = False) -> int:
    with database.transaction() as session:
        return request_extrato(session, month=month, force=force)


def state(database: Database, request_id: int) -> RequestState:
    with database.transaction() as session:
        found = request_state(session, request_id)
    assert found is not None
    return found


def died_run(database: Database, request_id: int, status: str, message: str | None = None) -> int:
    with database.transaction() as session:
        number: int = (
            session.connection()
            .exec_driver_sql(
                "INSERT INTO extrato_runs (month_start, action, status, message, correlation_id)"
                " VALUES ('2025-09-01', 'close', %s, %s, %s) RETURNING id",
                (status, message, request_correlation(request_id)),
            )
            .scalar_one()
        )
        return number


def taken_by_a_worker_that_dies(database: Database) -> None:
    """Its server process needs a moment longer than its connection to give up the sign of life."""
    with database.connection() as worker, database.transaction() as session:
        take_next(session, worker)
    pause = threading.Event()
    locks = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    for _ in range(1000):
        with database.transaction() as session:
            if session.scalar(locks) == 0:
                return
        pause.wait(0.01)
    raise AssertionError("the worker's lock outlives it")


def test_request_waits_and_is_not_filed_twice(database: Database) -> None:
    first = ask(database, force=True)

    assert ask(database) == first
    found = state(database, first)
    assert (found.status, found.month, found.forced, found.over) == ("waiting", MONTH, True, False)
    with database.transaction() as session:
        assert request_state(session, first + 1) is None


def test_request_is_taken_by_one_worker(database: Database) -> None:
    first, second = ask(database), ask(database, MONTH.next())
    with database.connection() as one, database.connection() as other:
        with database.transaction() as mine, database.transaction() as theirs:
            taken, next_one = take_next(mine, one), take_next(theirs, other)
        assert taken is not None
        assert next_one is not None
        assert (taken.id, next_one.id) == (first, second)
        assert taken.taken_at is not None
        with database.transaction() as session:
            assert take_next(session, one) is None
        assert settle_abandoned(database) == 0


def test_settled_request_tells_its_run_and_its_reason(database: Database) -> None:
    request_id = ask(database)
    with database.connection() as worker:
        with database.transaction() as session:
            take_next(session, worker)
        run_id = died_run(database, request_id, "refused")
        with database.transaction() as session:
            name_run(session, request_id)
        assert state(database, request_id).run_id == run_id
        with database.transaction() as session:
            settle(session, request_id, status="refused", message="Not yet.")
        release(worker, request_id)
    found = state(database, request_id)
    assert (found.status, found.message, found.over) == ("refused", "Not yet.", True)
    assert found.finished_at is not None
    assert ask(database) != request_id


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (None, "waiting"),
        ("died", "waiting"),
        ("done", "done"),
        ("refused", "refused"),
        ("cancelled", "refused"),
        ("failed", "failed"),
    ],
)
def test_request_of_a_dead_worker_is_settled_by_its_run(
    database: Database, run: str | None, status: str
) -> None:
    request_id = ask(database)
    taken_by_a_worker_that_dies(database)
    if run is not None:
        died_run(database, request_id, run, "why")

    assert settle_abandoned(database) == 1
    found = state(database, request_id)
    assert found.status == status
    assert found.message == (None if status == "waiting" else "why")


def test_request_that_kills_its_workers_is_given_up(database: Database) -> None:
    request_id = ask(database)
    taken_by_a_worker_that_dies(database)
    for _ in range(3):
        died_run(database, request_id, "died")

    settle_abandoned(database)

    assert state(database, request_id).status == "failed"


@pytest.mark.parametrize(
    ("group", "refusal"),
    [
        ("studio_owner", None),
        ("studio_manager", "not_allowed"),
        ("studio_reception", "not_allowed"),
        ("studio_jobs", "not_allowed"),
    ],
)
def test_only_owners_may_ask(database: Database, group: str, refusal: str | None) -> None:
    told = None
    try:
        with database.transaction() as session:
            session.connection().exec_driver_sql(f"SET LOCAL ROLE {group}")
            request_extrato(session, month=MONTH)
    except RuleError as error:
        told = error.code

    assert told == refusal
