"""A request to close a month: filed, taken by one, settled, and found again after a death."""

import threading
import uuid

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.closing import ClosingOptions, close_month, reopen_month
from studio_core.extrato.refusals import Refusal
from studio_core.extrato.request_work import (
    give_up_unheard,
    name_run,
    put_back,
    release,
    request_correlation,
    settle,
    settle_abandoned,
    take_next,
)
from studio_core.extrato.requests import (
    RequestState,
    failed_request,
    request_extrato,
    request_state,
    withdraw_request,
)
from studio_core.extrato.runs import recorded_run
from studio_core.months import Month
from studio_core.people.actions import add_person, give_login
from studio_core.people.logins import login_role
from studio_core.people.rules import PersonDraft
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer

PASSWORD = "agulha fina 12"


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
            refusal = Refusal.of(RuleError("month_busy", month="2025-09", who="Ana"))
            settle(session, request_id, status="refused", refusal=refusal)
        release(worker, request_id)
    found = state(database, request_id)
    assert (found.status, found.over) == ("refused", True)
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.params) == (
        "month_busy",
        {"month": "2025-09", "who": "Ana"},
    )
    assert found.message == "The month 2025-09 is in use by Ana. Try again when that is finished."
    assert found.finished_at is not None
    assert ask(database) != request_id


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (None, "waiting"),
        ("died", "waiting"),
        ("done", "done"),
        ("refused", "refused"),
        ("cancelled", "waiting"),
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
    assert found.message == (None if status == "waiting" else "It was refused: why")


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


def withdraw(database: Database, request_id: int, *, stop: bool = False) -> str:
    with database.transaction() as session:
        return withdraw_request(session, request_id, stop=stop)


@pytest.mark.parametrize(
    ("stop", "code"), [(False, "no_server_closes"), (True, "closing_cancelled")]
)
def test_request_that_waits_is_taken_back_and_never_taken_up(
    database: Database, stop: bool, code: str
) -> None:
    request_id = ask(database)

    assert withdraw(database, request_id, stop=stop) == "given_up"
    found = state(database, request_id)
    assert found.refusal is not None
    assert (found.over, found.refusal.code) == (True, code)
    with database.connection() as worker, database.transaction() as session:
        assert take_next(session, worker) is None
    assert ask(database) != request_id


def test_server_that_is_just_taking_it_is_waited_for(database: Database) -> None:
    request_id = ask(database)
    answers: list[str] = []
    withdrawing = threading.Thread(target=lambda: answers.append(withdraw(database, request_id)))
    with database.connection() as worker:
        with database.transaction() as session:
            assert take_next(session, worker) is not None
            withdrawing.start()
            wait_until_blocked(database)
        withdrawing.join()

        assert answers == ["taken"]
        assert state(database, request_id).status == "taken"


def test_server_that_comes_while_it_is_taken_back_passes_over_it(database: Database) -> None:
    request_id = ask(database)
    with database.connection() as worker, database.transaction() as session:
        assert withdraw_request(session, request_id, stop=False) == "given_up"
        with database.transaction() as other:
            assert take_next(other, worker) is None
    assert state(database, request_id).status == "given_up"


def test_cancelling_before_the_run_is_known_reaches_it(database: Database) -> None:
    request_id = ask(database)
    with database.connection() as worker:
        with database.transaction() as session:
            take_next(session, worker)
        assert withdraw(database, request_id) == "taken"
        assert not told_to_stop(database)
        assert withdraw(database, request_id, stop=True) == "taken"
        with recorded_run(
            database, month=MONTH, action="close", correlation_id=request_correlation(request_id)
        ):
            assert not told_to_stop(database)
            with database.transaction() as session:
                name_run(session, request_id)
            assert told_to_stop(database)
            # The server stops at this moment: the next one must not begin anew.
            with database.transaction() as session:
                assert put_back(session, request_id) == "refused"
    found = state(database, request_id)
    assert found.refusal is not None
    assert found.refusal.code == "closing_cancelled"


def test_cancelling_reaches_a_run_that_is_known(database: Database) -> None:
    request_id = ask(database)
    with database.connection() as worker:
        with database.transaction() as session:
            take_next(session, worker)
        with recorded_run(
            database, month=MONTH, action="close", correlation_id=request_correlation(request_id)
        ):
            with database.transaction() as session:
                name_run(session, request_id)
            assert withdraw(database, request_id, stop=True) == "taken"
            assert told_to_stop(database)


def test_request_whose_worker_died_can_be_taken_back(database: Database) -> None:
    request_id = ask(database)
    taken_by_a_worker_that_dies(database)

    assert withdraw(database, request_id) == "given_up"
    assert settle_abandoned(database) == 0
    assert state(database, request_id).status == "given_up"


def test_request_whose_worker_died_after_the_commit_is_done(books: Books, closer: Closer) -> None:
    database = books.database
    request_id = ask(database)
    taken_by_a_worker_that_dies(database)
    closer.back_up()
    closing = close_month(
        database,
        month=MONTH,
        options=ClosingOptions(closer.folder),
        correlation_id=request_correlation(request_id),
    )

    assert withdraw(database, request_id, stop=True) == "done"
    found = state(database, request_id)
    assert (found.status, found.refusal, found.run_id) == ("done", None, closing.run_id)


def test_request_is_not_taken_back_while_its_months_commit_may_be_under_way(
    database: Database,
) -> None:
    request_id = ask(database)
    taken_by_a_worker_that_dies(database)
    with database.transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('studio.closing'), 202509)"))
        assert withdraw(database, request_id) == "taken"
    assert withdraw(database, request_id) == "given_up"


def test_taken_back_by_its_asker_or_an_owner_only(database: Database) -> None:
    helena, otavio = person(database, "owner"), person(database, "manager")
    with login(database, "manager") as manager, login(database, "owner") as owner:
        theirs = ask(owner)
        with pytest.raises(RuleError) as refused:
            withdraw(manager, theirs)
        assert refused.value.code == "not_allowed"
        assert state(owner, theirs).requested_by == helena
        with database.transaction() as session:  # An owner then, a manager now.
            session.execute(text("UPDATE extrato_requests SET requested_by = :id"), {"id": otavio})
        assert withdraw(manager, theirs) == "given_up"
        another = ask(database)
        assert withdraw(owner, another) == "given_up"


def test_what_no_server_ever_heard_is_given_up_when_one_starts(database: Database) -> None:
    old, new, begun = (ask(database, month) for month in (MONTH, MONTH.next(), Month(2025, 7)))
    with database.transaction() as session:
        session.execute(
            text(
                "UPDATE extrato_requests SET requested_at = clock_timestamp() - interval '2 min',"
                " taken_at = CASE id WHEN :begun THEN clock_timestamp() END WHERE id <> :new"
            ),
            {"begun": begun, "new": new},
        )
    with database.transaction() as session:
        assert give_up_unheard(session) == 1
    found = state(database, old)
    assert found.refusal is not None
    assert (found.status, found.refusal.code) == ("given_up", "no_server_closes")
    assert [state(database, each).status for each in (new, begun)] == ["waiting", "waiting"]


def test_what_waits_behind_another_request_was_heard(database: Database) -> None:
    first, second = ask(database), ask(database, MONTH.next())
    with database.connection() as worker:
        with database.transaction() as session:
            take_next(session, worker)
            session.execute(
                text("UPDATE extrato_requests SET requested_at = requested_at - interval '1 day'")
            )
        with database.transaction() as session:
            assert give_up_unheard(session) == 0
    assert [state(database, each).status for each in (first, second)] == ["taken", "waiting"]


def test_last_try_of_a_month_is_told_until_something_comes_of_it(
    books: Books, closer: Closer
) -> None:
    database = books.database
    assert last_failed(database) is None
    withdraw(database, ask(database))
    found = last_failed(database)
    assert found is not None
    assert found.refusal is not None
    assert found.refusal.code == "no_server_closes"
    assert last_failed(database, MONTH.next()) is None
    waiting = ask(database)
    assert last_failed(database) is None
    withdraw(database, waiting, stop=True)
    assert last_failed(database) is None
    withdraw(database, ask(database))
    assert last_failed(database) is not None
    closer.back_up_and_close()
    assert last_failed(database) is None
    reopen_month(database, month=MONTH, reason="a receipt")
    assert last_failed(database) is None


def last_failed(database: Database, month: Month = MONTH) -> RequestState | None:
    with database.transaction() as session:
        return failed_request(session, month)


def told_to_stop(database: Database) -> bool:
    with database.transaction() as session:
        return bool(session.scalar(text("SELECT bool_or(cancel_requested) FROM extrato_progress")))


def wait_until_blocked(database: Database) -> None:
    """Until a statement of this database waits for a lock."""
    pause = threading.Event()
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(1000):
        with database.transaction() as session:
            if session.scalar(blocked):
                return
        pause.wait(0.01)
    raise AssertionError("nobody waits for a lock")


def person(database: Database, access: str) -> int:
    """Somebody of that access, who can sign in; the id."""
    draft = PersonDraft(name=access.title(), email=f"{access}@estudio.example", access=access)
    with database.transaction() as session:
        made = add_person(session, request_id=uuid.uuid4(), draft=draft)
        give_login(session, user_id=made.id, password=PASSWORD)
    return made.id


def login(database: Database, access: str) -> Database:
    """The same database, with that person's own login."""
    role = login_role(database.url.database or "", f"{access}@estudio.example")
    return Database(database.url.set(username=role, password=PASSWORD), application_name="tests")
