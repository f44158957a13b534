"""Transactions, their correlation id, and connections that leave nothing behind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import ProgrammingError

from studio_core.db.engine import Database
from studio_core.errors import UnavailableError
from studio_core.observability.correlation import correlation

_STATE = text(
    "SELECT current_setting('studio.correlation_id', true), current_setting('application_name'),"
    " current_setting('TimeZone'), current_setting('transaction_isolation')"
)


@pytest.fixture
def correlation_ids() -> list[str | None]:
    """The id that the next transactions ask for stands last."""
    return ["c-1"]


@pytest.fixture
def studio(empty_database_url: URL, correlation_ids: list[str | None]) -> Iterator[Database]:
    with Database(
        empty_database_url,
        application_name="desk",
        pool_size=1,
        correlation=lambda: correlation_ids[-1],
    ) as own:
        yield own


def _end_session(admin_url: URL, process_id: int | None) -> None:
    with Database(admin_url, application_name="tests") as admin, admin.connection() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": process_id})


def test_transaction_commits_at_the_end_and_rolls_back_on_an_error(studio: Database) -> None:
    with studio.transaction() as session:
        session.execute(text("CREATE TABLE notes (id int PRIMARY KEY)"))
    with pytest.raises(ZeroDivisionError), studio.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES (1)"))
        raise ZeroDivisionError
    with studio.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM notes")) == 0


def test_correlation_id_lasts_for_its_transaction_only(
    studio: Database, correlation_ids: list[str | None]
) -> None:
    with studio.transaction() as session:
        assert session.execute(_STATE).one() == ("c-1", "desk c-1", "UTC", "read committed")
    correlation_ids.append(None)
    with studio.transaction() as session:
        assert session.execute(_STATE).one() == ("", "desk", "UTC", "read committed")


def test_correlation_id_of_the_context_is_the_default(empty_database_url: URL) -> None:
    with Database(empty_database_url, application_name="desk") as own:
        with correlation("c-9"), own.transaction() as session:
            assert session.execute(_STATE).one()[:2] == ("c-9", "desk c-9")
        with own.transaction() as session:
            assert session.execute(_STATE).one()[:2] == ("", "desk")


def test_long_correlation_id_fits_the_application_name(
    studio: Database, correlation_ids: list[str | None]
) -> None:
    correlation_ids.append("x" * 200)
    with studio.transaction() as session:
        told = session.execute(_STATE).one()
    assert told[0] == "x" * 200
    assert told[1] == ("desk " + "x" * 200)[:63]


def test_autocommit_connection_takes_its_locks_with_it(studio: Database) -> None:
    with studio.connection() as connection:
        assert connection.scalar(text("SELECT pg_try_advisory_lock(75)"))
        connection.execute(text("CREATE TABLE kept (id int)"))
        with studio.connection() as second:
            assert not second.scalar(text("SELECT pg_try_advisory_lock(75)"))
            assert second.scalar(text("SELECT count(*) FROM kept")) == 0
    with studio.connection() as connection:
        assert connection.scalar(text("SELECT pg_try_advisory_lock(75)"))


def test_nothing_connects_before_the_first_use() -> None:
    database = Database("postgresql://nobody:x@127.0.0.1:1/none", application_name="tests")
    with pytest.raises(UnavailableError) as refusal:
        database.check()
    assert refusal.value.code == "database_unreachable"


def test_pool_replaces_a_connection_that_the_server_ended(studio: Database, admin_url: URL) -> None:
    pid = text("SELECT pg_backend_pid()")
    with studio.transaction() as session:
        first = session.scalar(pid)
    _end_session(admin_url, first)
    with studio.transaction() as session:
        assert session.scalar(pid) != first


def test_connection_ended_in_a_transaction_is_said_so(studio: Database, admin_url: URL) -> None:
    with pytest.raises(UnavailableError) as refusal, studio.transaction() as session:
        _end_session(admin_url, session.scalar(text("SELECT pg_backend_pid()")))
        session.execute(text("SELECT 1"))
    assert refusal.value.code == "connection_lost"


def test_error_text_holds_no_values(studio: Database) -> None:
    with pytest.raises(ProgrammingError) as failure, studio.transaction() as session:
        session.execute(text("SELECT :secret::no_such_type"), {"secret": "hunter2"})
    assert "hunter2" not in str(failure.value)
