"""A superuser changes the archive behind the program's back; verify names month and row."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from studio_core.errors import RuleError
from studio_core.extrato.closing import reopen_month
from studio_core.extrato.verify import Tampering, verify_chain
from studio_core.months import Month
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer

AUGUST = Month(2025, 8)


@pytest.fixture
def closed(books: Books, closer: Closer) -> Books:
    """August closed once; September closed, reopened and closed again."""
    for month in (AUGUST, MONTH):
        books.fill(12, month)
        closer.back_up_and_close(month)
    reopen_month(books.database, month=MONTH, reason="x")
    closer.back_up_and_close(MONTH)
    return books


def tamper(books: Books, statement: str) -> None:
    with books.database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


def found(books: Books) -> tuple[Tampering, ...]:
    with books.database.transaction() as session:
        return verify_chain(session)


def test_an_untouched_archive_verifies(closed: Books) -> None:
    assert found(closed) == ()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("payments", "amount = amount + 0.01"),
        ("payments", "notes = 'outra'"),
        ("payments", "client_id = NULL, method = 'cash', paid_on = paid_on + 1"),
        ("commissions", "percent = 1"),
        ("expenses", "description = 'outra'"),
        ("sessions", "starts_at = starts_at + interval '1 microsecond'"),
    ],
)
def test_a_changed_row_is_named(closed: Books, table: str, change: str) -> None:
    row_id = closed.value(
        f"SELECT max(a.id) FROM archive.{table} a JOIN extratos e ON e.id = extrato_id"
        " WHERE e.month = 8"
    )
    tamper(closed, f"UPDATE archive.{table} SET {change} WHERE id = {row_id}")
    assert found(closed) == (Tampering(AUGUST, 1, "row", table, row_id),)


def test_a_row_changed_together_with_its_hash_is_still_noticed(closed: Books) -> None:
    tamper(
        closed,
        "UPDATE archive.payments SET amount = amount + 1 WHERE id = 1",
    )
    tamper(
        closed,
        "UPDATE archive.payments p SET row_hash = studio.row_hash(p) WHERE id = 1",
    )
    assert found(closed) == (Tampering(AUGUST, 1, "rows", "payments"),)


def test_a_missing_row_is_noticed(closed: Books) -> None:
    tamper(closed, "DELETE FROM archive.expenses WHERE id = (SELECT max(id) FROM archive.expenses)")
    assert found(closed) == (Tampering(MONTH, 2, "rows", "expenses"),)


def test_changed_totals_are_noticed_in_old_versions_too(closed: Books) -> None:
    tamper(
        closed,
        "UPDATE extratos SET totals = jsonb_set(totals, '{gross_revenue}', '\"1.00\"')"
        " WHERE month = 9 AND version = 1",
    )
    assert found(closed) == (Tampering(MONTH, 1, "header"),)


def test_a_removed_version_breaks_the_chain(closed: Books) -> None:
    tamper(closed, "DELETE FROM extratos WHERE month = 9 AND version = 1")
    assert found(closed) == (Tampering(MONTH, 2, "chain"),)


def test_erasing_a_name_breaks_nothing(closed: Books) -> None:
    tamper(closed, "UPDATE archive.names SET name = 'apagado'")
    assert found(closed) == ()


def test_the_session_settings_have_no_say_in_a_hash(closed: Books) -> None:
    with closed.database.transaction() as session:
        for setting in (
            "TimeZone = 'Asia/Tokyo'",
            "DateStyle = 'German, DMY'",
            "IntervalStyle = 'iso_8601'",
            "bytea_output = 'escape'",
            "lc_numeric = 'C'",
        ):
            session.execute(text(f"SET LOCAL {setting}"))
        changed, digests = session.execute(
            text(
                "SELECT (SELECT count(*) FROM archive.sessions s"
                "        WHERE row_hash <> studio.row_hash(s))"
                "     + (SELECT count(*) FROM archive.payments p"
                "        WHERE row_hash <> studio.row_hash(p)),"
                " (SELECT bool_and(studio.archived_rows(id) = table_digests"
                "                  AND studio.extrato_digest(e) = digest)"
                "  FROM extratos e WHERE superseded_at IS NULL)"
            )
        ).one()
    assert (changed, digests) == (0, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE archive.payments SET amount = 1",
        "DELETE FROM archive.sessions",
        "TRUNCATE archive.expenses",
        "DELETE FROM extratos",
        "UPDATE audit_log SET action = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log CASCADE",
    ],
)
def test_even_a_superuser_cannot_change_it_by_accident(closed: Books, statement: str) -> None:
    with pytest.raises((RuleError, ProgrammingError)), closed.database.transaction() as session:
        session.execute(text(statement))
    assert found(closed) == ()


def test_the_last_extrato_taken_away_leaves_a_gap(closed: Books) -> None:
    """Nothing follows it in the chain: only its month knows."""
    for table in ("payments", "commissions", "expenses", "sessions"):
        tamper(
            closed,
            f"DELETE FROM archive.{table} WHERE extrato_id IN"
            " (SELECT id FROM extratos WHERE month = 9 AND version = 2)",
        )
    tamper(closed, "DELETE FROM extratos WHERE month = 9 AND version = 2")
    assert found(closed) == (Tampering(MONTH, 0, "state"),)


def test_an_extrato_put_out_of_force_is_noticed(closed: Books) -> None:
    """Its rows would not be checked any more."""
    tamper(
        closed, "UPDATE extratos SET superseded_at = now(), superseded_why = 'x' WHERE month = 8"
    )
    tamper(closed, "UPDATE archive.payments SET amount = 1")
    tables = ("payments", "commissions", "expenses", "sessions")
    strays = {(each.month, each.table) for each in found(closed) if each.what == "stray"}
    assert strays == {(AUGUST, table) for table in tables}
    assert Tampering(AUGUST, 0, "state") in found(closed)


def test_a_month_opened_by_hand_is_noticed(closed: Books) -> None:
    tamper(closed, "UPDATE accounting_months SET state = 'open' WHERE month_start = '2025-08-01'")
    assert found(closed) == (Tampering(AUGUST, 1, "state"),)


def test_a_row_slipped_into_a_closed_month_is_noticed(closed: Books) -> None:
    tamper(
        closed,
        "INSERT INTO payments (paid_on, amount, method, artist_id)"
        " VALUES ('2025-08-10', 10, 'pix', 1)",
    )
    row_id = closed.value("SELECT id FROM payments")
    assert found(closed) == (Tampering(AUGUST, 0, "stray", "payments", row_id),)
