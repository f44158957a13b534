"""Every statement is measured, whichever way it goes to the server; the caller feels nothing."""

import io
import math
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql
from psycopg2.extras import DictCursor, RealDictCursor
from sqlalchemy import URL, text

from studio_core.db.engine import Database, raw_connection
from studio_core.db.measured import MeasuredConnection
from studio_core.db.probe import probing
from studio_core.errors import UnavailableError
from studio_core.observability import at_route, correlation
from studio_core.observability.route import acting_as
from studio_core.observability.statements import SlowStatement, StatementWatch

_SLOWLY = "SELECT pg_sleep(0.06)"
_LIMIT_S = 0.05


@pytest.fixture
def watch() -> StatementWatch:
    made = StatementWatch()
    made.limit_s = _LIMIT_S
    return made


@pytest.fixture
def raw(admin_url: URL, watch: StatementWatch) -> Iterator[Any]:
    connection = raw_connection(admin_url, application_name="tests", watch=watch)
    yield connection
    connection.close()


def found(watch: StatementWatch) -> list[SlowStatement]:
    return list(iter(lambda: watch.next(0), None))


def copied_slowly(raw: Any) -> None:
    raw.cursor().copy_expert(f"COPY ({_SLOWLY}) TO STDOUT", io.StringIO())


def read_from_the_server(raw: Any) -> None:
    raw.autocommit = False
    with raw.cursor("rows", cursor_factory=RealDictCursor) as cursor:
        cursor.execute(_SLOWLY)
        assert [list(row) for row in cursor] == [["pg_sleep"]]


def fetched_from_the_server(raw: Any) -> None:
    raw.autocommit = False
    with raw.cursor("rows") as cursor:
        cursor.execute(_SLOWLY)
        assert len(cursor.fetchmany(5)) == 1


def committed_slowly(raw: Any) -> None:
    raw.autocommit = False
    raw.cursor().execute(
        "CREATE TEMP TABLE late (id int);"
        "CREATE FUNCTION pg_temp.late() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_sleep(0.06); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION pg_temp.late();"
        "INSERT INTO late VALUES (1)"
    )
    raw.commit()


WAYS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a cursor": (lambda raw: raw.cursor().execute(_SLOWLY), _SLOWLY),
    "bytes": (lambda raw: raw.cursor().execute(_SLOWLY.encode()), _SLOWLY),
    "composed": (
        lambda raw: raw.cursor().execute(sql.SQL("SELECT pg_sleep({})").format(sql.Literal(0.06))),
        _SLOWLY,
    ),
    "a cursor of dicts": (
        lambda raw: raw.cursor(cursor_factory=RealDictCursor).execute(_SLOWLY),
        _SLOWLY,
    ),
    "another class of cursor": (
        lambda raw: raw.cursor(cursor_factory=DictCursor).execute(_SLOWLY),
        _SLOWLY,
    ),
    "many": (
        lambda raw: raw.cursor().executemany("SELECT pg_sleep(%s)", [(0.03,), (0.03,)]),
        "SELECT pg_sleep(%s)",
    ),
    "a function": (lambda raw: raw.cursor().callproc("pg_sleep", (0.06,)), "CALL pg_sleep"),
    "COPY": (copied_slowly, f"COPY ({_SLOWLY}) TO STDOUT"),
    "COPY from": (
        lambda raw: (
            raw.cursor().execute("CREATE TEMP TABLE slow (t text DEFAULT pg_sleep(0.06), n int)"),
            raw.cursor().copy_from(io.StringIO("1\n"), "slow", columns=("n",)),
        ),
        "COPY slow FROM",
    ),
    "a cursor on the server, row by row": (read_from_the_server, _SLOWLY),
    "a cursor on the server, by the handful": (fetched_from_the_server, _SLOWLY),
    "the commit": (committed_slowly, "COMMIT"),
}


@pytest.mark.parametrize("way", WAYS)
def test_slow_statement_is_found(raw: Any, watch: StatementWatch, way: str) -> None:
    run, expected = WAYS[way]

    run(raw)

    # On a busy computer others are slow, too.
    assert [slow.failed for slow in found(watch) if slow.text == expected] == [False]


def test_quick_statement_is_not(raw: Any, watch: StatementWatch) -> None:
    watch.limit_s = 60.0
    raw.cursor().execute("SELECT 1")

    assert found(watch) == []


def test_slow_statement_that_fails_is_found_and_fails_as_ever(
    admin_url: URL, watch: StatementWatch
) -> None:
    with (
        Database(admin_url, application_name="tests", watch=watch) as database,
        pytest.raises(UnavailableError) as refused,
        database.transaction() as session,
    ):
        session.execute(text("SET LOCAL statement_timeout = 60"))
        session.execute(text("SELECT pg_sleep(5)"))

    assert refused.value.code == "took_too_long"
    assert [slow.failed for slow in found(watch) if "pg_sleep" in slow.text] == [True]


def test_statement_on_a_connection_that_is_cut_still_says_where(
    admin_url: URL, watch: StatementWatch, raw: Any
) -> None:
    other = raw_connection(admin_url, application_name="tests")
    end = ("SELECT pg_terminate_backend(%s)", (raw.info.backend_pid,))
    cut = threading.Timer(0.1, other.cursor().execute, end)
    cut.start()
    with pytest.raises(psycopg2.Error):
        raw.cursor().execute("SELECT pg_sleep(5)")
    cut.join()
    other.close()

    (slow,) = [each for each in found(watch) if "pg_sleep" in each.text]
    assert str(slow.place) == f"127.0.0.1:{admin_url.port}/{admin_url.database}"
    assert slow.failed


def test_probe_is_measured_though_it_waits_by_itself(admin_url: URL, watch: StatementWatch) -> None:
    with probing(admin_url, application_name="tests", within_s=5, watch=watch) as probe:
        probe.row("SELECT pg_sleep(0.06), %(word)s AS word", {"word": "secret"})

    (slow,) = [each for each in found(watch) if "pg_sleep" in each.text]
    assert slow.text == "SELECT pg_sleep(0.06), %(word)s AS word"
    assert slow.place.login == admin_url.username


def test_what_is_told_says_who_where_and_for_what(admin_url: URL, watch: StatementWatch) -> None:
    with (
        Database(admin_url, application_name="tests", watch=watch) as database,
        correlation("c-1"),
        at_route("clients"),
        acting_as("studio.ana"),
        database.transaction() as session,
    ):
        session.execute(
            text("SELECT pg_sleep(:seconds), :secret"), {"seconds": 0.06, "secret": "x"}
        )

    (slow,) = [each for each in found(watch) if "pg_sleep" in each.text]
    assert slow.text == "SELECT pg_sleep(%(seconds)s), %(secret)s"
    assert (slow.correlation_id, slow.route, slow.acting_role) == ("c-1", "clients", "studio.ana")
    assert (slow.place.login, slow.place.database) == (admin_url.username, admin_url.database)
    assert slow.took_s > slow.limit_s == _LIMIT_S
    assert str(admin_url.password) not in repr(slow)


def test_rows_read_from_the_server_through_sqlalchemy_are_measured(
    admin_url: URL, watch: StatementWatch
) -> None:
    with (
        Database(admin_url, application_name="tests", watch=watch) as database,
        database.transaction() as session,
    ):
        rows = session.execute(text(_SLOWLY), execution_options={"stream_results": True})
        assert len(list(rows)) == 1

    assert [slow.text for slow in found(watch) if "pg_sleep" in slow.text] == [_SLOWLY]


def test_full_queue_loses_what_comes_and_counts_it(admin_url: URL) -> None:
    watch = StatementWatch(capacity=3)
    watch.limit_s = 0.0
    raw = raw_connection(admin_url, application_name="tests", watch=watch)
    for _ in range(10):
        raw.cursor().execute("SELECT 1")
    raw.close()

    assert len(found(watch)) == 3
    assert (watch.take_lost(), watch.take_lost()) == (7, 0)


def test_nothing_is_told_while_nobody_listens(raw: Any, watch: StatementWatch) -> None:
    watch.limit_s = math.inf
    raw.cursor().execute(_SLOWLY)

    assert found(watch) == []


def test_database_of_the_alerts_themselves_is_not_measured(admin_url: URL) -> None:
    def is_measured(database: Database) -> bool:
        with database, database.connection() as connection:
            return isinstance(connection.connection.dbapi_connection, MeasuredConnection)

    assert not is_measured(Database(admin_url, application_name="tests", watch=None))
    assert is_measured(Database(admin_url, application_name="tests"))
