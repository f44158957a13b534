"""The grants are what the table of rights says, tried as real login roles."""

import pytest
from psycopg2 import sql
from sqlalchemy import URL, text

from studio_core.db.engine import Database, raw_connection
from studio_core.errors import RuleError
from tests.books import Books

INSERT = (
    "INSERT INTO payments (paid_on, amount, method, artist_id) VALUES ('2025-09-10', 10, 'pix', 1)"
)


def signed_in(books: Books, group: str) -> Database:
    """A login role of its own in one group, as the database would see a person."""
    url = books.database.url
    role, password = f"{url.database}.{group}", "only-for-this-test"
    connection = raw_connection(url, application_name="tests")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s IN ROLE {}").format(
                sql.Identifier(role), sql.Identifier(group)
            ),
            (password,),
        )
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(str(url.database)), sql.Identifier(role)
            )
        )
    connection.close()
    return Database(url.set(username=role, password=password), application_name="tests")


@pytest.mark.parametrize(
    ("group", "allowed"),
    [
        ("studio_owner", True),
        ("studio_manager", True),
        ("studio_reception", True),
        ("studio_artist", False),
        ("studio_backup", False),
    ],
)
def test_who_may_take_money(books: Books, group: str, allowed: bool) -> None:
    with signed_in(books, group) as person:
        if allowed:
            with person.transaction() as session:
                session.execute(text(INSERT))
            assert books.value("SELECT amount FROM commissions") == 5
        else:
            with pytest.raises(RuleError, match="not allowed"), person.transaction() as session:
                session.execute(text(INSERT))


@pytest.mark.parametrize("group", ["studio_owner", "studio_manager", "studio_reception"])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM payments",
        "DELETE FROM expenses",
        "DELETE FROM commissions",
        "UPDATE payments SET amount = 1",
        "UPDATE payments SET paid_on = '2025-01-01'",
        "UPDATE commissions SET amount = 0",
        "UPDATE accounting_months SET state = 'open'",
        "UPDATE extratos SET totals = '{}'",
        "INSERT INTO payments (paid_on, amount, method, artist_id, imported)"
        " VALUES ('2025-09-10', -10, 'fiado', 1, true)",
        "DELETE FROM audit_log",
        "INSERT INTO audit_log (table_name, row_key, action, login_role, acting_role)"
        " VALUES ('x', 'x', 'x', 'x', 'x')",
        "DELETE FROM archive.payments",
        "SELECT studio.rows_back('2025-09-01', 'x')",
        "SELECT studio.chain_extrato(NULL)",
        "SELECT studio.announce_closing('2025-09-01', 'x', NULL)",
        "SET ROLE studio_closing",
        "SET session_replication_role = replica",
        "CREATE TABLE mine ()",
        "CREATE FUNCTION studio.today() RETURNS date LANGUAGE sql AS 'SELECT NULL::date'",
        "CREATE ROLE mine",
        "ALTER TABLE payments DISABLE TRIGGER ALL",
    ],
)
def test_what_no_person_may_do(books: Books, group: str, statement: str) -> None:
    books.fill(3)
    before = books.snapshot()
    with (
        signed_in(books, group) as person,
        pytest.raises(RuleError, match="not allowed"),
        person.transaction() as session,
    ):
        session.execute(text(statement))
    assert books.snapshot() == before


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM extratos",
        "SELECT * FROM archive.payments",
        "SELECT * FROM commissions",
        "SELECT studio.month_totals('2025-09-01')",
        "SELECT studio.closing_begin('2025-09-01')",
        "SELECT studio.reopen_month('2025-09-01', 'x')",
        "SELECT * FROM audit_log",
        "SELECT * FROM user_logins",
        "SELECT studio.give_login(1, 'SCRAM-SHA-256$4096:a$b:c')",
        "SELECT studio.set_up_owner('x', 'x@example.com', 'SCRAM-SHA-256$4096:a$b:c')",
        "INSERT INTO sessions (artist_id, starts_at, ends_at, overlap_allowed)"
        " VALUES (1, now(), now() + interval '1 hour', true)",
    ],
)
def test_what_reception_may_not_do(books: Books, statement: str) -> None:
    with (
        signed_in(books, "studio_reception") as reception,
        pytest.raises(RuleError, match="not allowed"),
        reception.transaction() as session,
    ):
        session.execute(text(statement))


def test_no_function_and_no_table_is_open_to_everybody(database: Database) -> None:
    """Nothing of ours is granted to PUBLIC, which any new role would have at once."""
    with database.transaction() as session:
        functions = session.scalars(
            text(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'studio'::regnamespace"
                " AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl)"
                "                                WHERE grantee = 0))"
            )
        ).all()
        tables = session.scalars(
            text(
                "SELECT relname FROM pg_class, aclexplode(relacl)"
                " WHERE relnamespace IN ('public'::regnamespace, 'archive'::regnamespace)"
                "   AND grantee = 0"
            )
        ).all()
    assert (functions, tables) == ([], [])


def test_every_definer_function_fixes_its_search_path(database: Database) -> None:
    with database.transaction() as session:
        loose = session.scalars(
            text(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'studio'::regnamespace"
                " AND prosecdef AND NOT coalesce(proconfig::text ~ 'search_path=', false)"
            )
        ).all()
    assert loose == []


def test_no_group_can_sign_in_by_itself(database_url: URL) -> None:
    connection = raw_connection(database_url, application_name="tests")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'studio\\_%' AND rolcanlogin"
            " AND rolname <> 'studio_jobs'"
        )
        assert cursor.fetchall() == []
    connection.close()
