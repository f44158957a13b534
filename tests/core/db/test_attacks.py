"""What somebody could try with their own login and any other program."""

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from tests.books import Books
from tests.core.db.test_rights import signed_in


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


STEPS = "SELECT studio.closing_move('2025-09-01', '{table}', 1, 1000000)"


def test_a_closing_begun_twice_leaves_no_row_out(books: Books) -> None:
    """What moved under a first plan would be missing from the extrato of a second."""
    books.fill(10)
    before = books.snapshot()
    with (
        signed_in(books, "studio_owner") as owner,
        pytest.raises(RuleError, match="in one piece"),
        owner.transaction() as session,
    ):
        session.execute(text("SELECT studio.closing_begin('2025-09-01')"))
        session.execute(text("SELECT studio.closing_move('2025-09-01', 'payments', 1, 4)"))
        session.execute(text("SELECT studio.closing_begin('2025-09-01')"))
        for table in ("payments", "commissions", "expenses", "sessions"):
            session.execute(text(STEPS.format(table=table)))
        session.execute(text("SELECT studio.closing_finish('2025-09-01', NULL, NULL, NULL)"))
    assert books.snapshot() == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO payments (paid_on, amount, method, artist_id)"
        " VALUES ('2025-09-10', 'NaN', 'pix', 1)",
        "INSERT INTO payments (paid_on, amount, tip_amount, method, artist_id)"
        " VALUES ('2025-09-10', 1, 'NaN', 'pix', 1)",
        "INSERT INTO expenses (spent_on, amount, description, method)"
        " VALUES ('2025-09-10', 'NaN', 'Agulhas', 'pix')",
        "INSERT INTO sessions (artist_id, starts_at, ends_at, agreed_price)"
        " VALUES (1, now(), now() + interval '1 hour', 'NaN')",
    ],
)
def test_money_is_a_number(books: Books, statement: str) -> None:
    """PostgreSQL holds NaN for larger than anything; one of them makes every sum NaN."""
    with (
        signed_in(books, "studio_reception") as reception,
        pytest.raises(RuleError, match="outside what is allowed"),
        reception.transaction() as session,
    ):
        session.execute(text(statement))


VOID = "voided_at = now(), void_reason = 'engano'"


@pytest.mark.parametrize("table", ["payments", "expenses"])
def test_who_voided_and_when_cannot_be_made_up(books: Books, table: str) -> None:
    books.fill(1)
    with signed_in(books, "studio_reception") as reception, reception.transaction() as session:
        session.execute(
            text(
                f"UPDATE {table} SET voided_at = 'infinity', voided_by = 424242, void_reason = 'x'"
            )
        )
    assert books.rows(f"SELECT voided_at <= now(), voided_by FROM {table}") == [(True, None)]


@pytest.mark.parametrize("table", ["payments", "expenses"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("voided_at = NULL, void_reason = NULL", "already voided"),
        ("void_reason = 'outro'", "already voided"),
        ("voided_by = 1", "already voided"),
    ],
)
def test_what_is_voided_stays_so(books: Books, table: str, change: str, sentence: str) -> None:
    books.fill(1)
    with signed_in(books, "studio_reception") as reception:
        with reception.transaction() as session:
            session.execute(text(f"UPDATE {table} SET {VOID}"))
        with reception.transaction() as session:
            session.execute(text(f"UPDATE {table} SET notes = 'uma nota'"))
        with pytest.raises(RuleError, match=sentence), reception.transaction() as session:
            session.execute(text(f"UPDATE {table} SET {change}"))


def test_voiding_takes_a_reason(books: Books) -> None:
    books.fill(1)
    with (
        signed_in(books, "studio_reception") as reception,
        pytest.raises(RuleError, match="Say why"),
        reception.transaction() as session,
    ):
        session.execute(text("UPDATE payments SET voided_at = now(), void_reason = ' '"))
