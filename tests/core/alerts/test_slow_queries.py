"""A thousand slow executions of one statement are one row, by whichever program they come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import URL, text

from studio_core.alerts.slow_queries import Executions, SlowQuery, note_slow_queries
from studio_core.changes import TableChange
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.errors import RuleError
from studio_core.observability.statements import Place, SlowStatement
from tests.books import Books
from tests.core.db.test_rights import signed_in

_ROWS = "SELECT kind, severity, message, details, raised_by FROM alerts ORDER BY id"


def slow(statement: str, milliseconds: int = 1500, **changes: Any) -> SlowQuery:
    told: dict[str, Any] = {
        "text": statement,
        "took_s": milliseconds / 1000,
        "limit_s": 1.0,
        "failed": False,
        "place": Place("db.example", 5432, "studio", "studio.ab"),
        "at": datetime.now(UTC),
        "correlation_id": "c-1",
        "route": "clients",
        "acting_role": None,
    }
    return SlowQuery.of(SlowStatement(**{**told, **changes}))


def note(database: Database, *found: SlowQuery, count: int = 1) -> None:
    with database.transaction() as session:
        note_slow_queries(session, [Executions(query, count) for query in found], program="tests")


def test_alert_says_what_is_known_and_no_value(books: Books) -> None:
    note(books.database, slow("SELECT 'Maria' FROM clients WHERE id = %(id)s"))

    ((kind, severity, message, details, raised_by),) = books.rows(_ROWS)
    assert (kind, severity, raised_by) == ("slow_query", "warning", "admin")
    assert message == "1500 ms (limit 1000 ms) at clients: SELECT ? FROM clients WHERE id = %(id)s"
    assert datetime.fromisoformat(details.pop("last_at")) <= datetime.now(UTC)
    assert len(details.pop("fingerprint")) == 16
    assert details == {
        "statement": "SELECT ? FROM clients WHERE id = %(id)s",
        "count": 1,
        "worst_ms": 1500,
        "threshold_ms": 1000,
        "route": "clients",
        "login": "studio.ab",
        "target": "db.example:5432/studio",
        "correlation_id": "c-1",
        "failed": False,
        "program": "tests",
    }


def test_executions_of_one_statement_are_counted_and_the_worst_is_kept(books: Books) -> None:
    for milliseconds, route in ((1200, "clients"), (3000, "payments"), (1100, "history")):
        note(books.database, slow("SELECT 1", milliseconds, route=route), count=100)
    note(books.database, slow("SELECT 2 FROM t"))

    rows = books.rows(_ROWS)
    assert [(row[3]["count"], row[3]["worst_ms"], row[3]["route"]) for row in rows] == [
        (300, 3000, "payments"),
        (1, 1500, "clients"),
    ]
    assert rows[0][2].startswith("3000 ms")


def test_programs_that_note_at_one_moment_lose_no_count(books: Books) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: note(books.database, slow("SELECT 1")), range(20)))

    assert [row[3]["count"] for row in books.rows(_ROWS)] == [20]


def test_later_ones_are_a_row_of_their_own(books: Books) -> None:
    note(books.database, slow("SELECT 1"))
    with books.database.transaction() as session:
        session.execute(text("UPDATE alerts SET at = at - interval '11 minutes'"))
    note(books.database, slow("SELECT 1"))

    note(books.database, slow("SELECT 1"))

    assert [row[3]["count"] for row in books.rows(_ROWS)] == [1, 2]


@pytest.mark.parametrize(
    "group", ["studio_owner", "studio_reception", "studio_artist", "studio_jobs"]
)
def test_every_program_may_note_and_only_owners_and_jobs_may_read(books: Books, group: str) -> None:
    with signed_in(books, group) as person:
        note(person, slow("SELECT 1"))
        if group in ("studio_owner", "studio_jobs"):
            with person.transaction() as session:
                assert session.execute(text(_ROWS)).one().raised_by == person.url.username
        else:
            with pytest.raises(RuleError, match="not allowed"), person.transaction() as session:
                session.execute(text(_ROWS))


def test_alert_is_announced(books: Books, database_url: URL) -> None:
    listener = Listener(database_url, application_name="tests")
    note(books.database, slow("SELECT 1"))

    heard = listener.poll()
    listener.close()
    assert heard == [TableChange("alerts", (books.value("SELECT id FROM alerts"),))]


def test_huge_details_are_left_out_and_the_count_stays(books: Books) -> None:
    with books.database.transaction() as session:
        for _ in range(2):
            session.execute(
                text(
                    "SELECT studio.note_slow_query('f', 'm', 2, 9, jsonb_build_object('x',"
                    " string_agg(md5(g::text), ''))) FROM generate_series(1, 999) AS g"
                )
            )

    (row,) = books.rows(_ROWS)
    assert (row[3]["count"], row[3]["worst_ms"], "x" in row[3]) == (4, 9, False)
