"""What somebody could read with their own login and any other program."""

import io

import pytest
from psycopg2 import Error, sql
from sqlalchemy import text

from studio_core.errors import RuleError
from tests.attacks.conftest import Studio

pytestmark = pytest.mark.usefixtures("nothing_changes")

NOT_THEIRS = {
    "sessions of another artist": "SELECT id FROM sessions WHERE artist_id <> {me}",
    "payments of another artist": "SELECT id FROM payments WHERE artist_id <> {me}",
    "payments of another artist in closed months": (
        "SELECT id FROM archive.payments WHERE artist_id <> {me}"
    ),
    "payments of another artist through the view": (
        "SELECT id FROM all_payments WHERE artist_id <> {me}"
    ),
    "commissions of another artist": "SELECT id FROM commissions WHERE artist_id <> {me}",
    "commissions of another artist in closed months": (
        "SELECT id FROM archive.commissions WHERE artist_id <> {me}"
    ),
    "sessions of another artist in closed months": (
        "SELECT id FROM archive.sessions WHERE artist_id <> {me}"
    ),
    "names of another artist's clients": "SELECT name FROM archive.names WHERE name LIKE 'Rui%'",
    "another artist's clients": "SELECT id FROM clients WHERE name LIKE 'Rui%'",
    "allergies of another artist's clients": (
        "SELECT id FROM client_flags WHERE client_id = {client}"
    ),
    "colleagues and their percents": "SELECT name FROM users WHERE id <> {me}",
    "another artist's payments by their key": "SELECT id FROM payments WHERE id IN (2, 3)",
    "statistics of columns": "SELECT 1 FROM pg_stats WHERE schemaname IN ('public', 'archive')",
}


@pytest.mark.parametrize("statement", NOT_THEIRS.values(), ids=NOT_THEIRS)
def test_artist_finds_none_of(studio: Studio, statement: str) -> None:
    staff = studio.staff
    staff.run("ANALYZE")
    asked = statement.format(me=staff.artist.id, client=studio.colleagues_client)
    assert studio.books.rows(asked)  # There is something to find.
    with staff.artist.database.transaction() as session:
        assert session.execute(text(asked)).all() == []


def test_artist_does_find_their_own(studio: Studio) -> None:
    with studio.staff.artist.database.transaction() as session:
        found = [
            session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in (
                *("sessions", "payments", "commissions", "clients", "client_flags", "users"),
                *("archive.payments", "archive.commissions", "archive.sessions", "archive.names"),
            )
        ]
    assert found == [2, 1, 1, 1, 1, 1, 1, 1, 1, 2]


ONE_AFTER_THE_OTHER = {
    "a division by zero": "SELECT 1 / (amount - 777.77) FROM payments WHERE artist_id <> {me}",
    "a text that is no number": "SELECT name::integer FROM clients WHERE name ~ '777'",
    "a cast in a condition": "SELECT id FROM clients WHERE name LIKE 'Rui%' AND name::integer > 0",
    "a date out of range": "SELECT paid_on + 2147483647 FROM payments WHERE artist_id <> {me}",
}


@pytest.mark.parametrize("statement", ONE_AFTER_THE_OTHER.values(), ids=ONE_AFTER_THE_OTHER)
def test_no_error_tells_an_artist_of_rows_they_may_not_see(studio: Studio, statement: str) -> None:
    """A condition of their own that fails on somebody else's row would tell what is in it."""
    asked = statement.format(me=studio.staff.artist.id)
    with pytest.raises(Error), studio.staff.database.connection() as everything:
        everything.connection.cursor().execute(asked)
    with studio.staff.artist.database.transaction() as session:
        assert session.execute(text(asked)).all() == []


def test_no_error_of_a_key_tells_an_artist_who_is_a_client(studio: Studio) -> None:
    """An artist writes nothing at all, so that no constraint answers them."""
    for statement in (
        "INSERT INTO clients (name, cpf) VALUES ('x', '52998224725')",
        "INSERT INTO sessions (artist_id, client_id, starts_at, ends_at)"
        f" VALUES ({studio.staff.artist.id}, {studio.colleagues_client}, now(),"
        " now() + interval '1 hour')",
        "INSERT INTO payments (paid_on, amount, method, artist_id)"
        f" VALUES ('2025-09-10', 1, 'pix', {studio.staff.artist.id})",
    ):
        with (
            pytest.raises(RuleError, match="not allowed"),
            studio.staff.artist.database.transaction() as session,
        ):
            session.execute(text(statement))


def test_copy_gives_an_artist_no_more_than_a_query(studio: Studio) -> None:
    copied = io.StringIO()
    with studio.staff.artist.connected() as connection, connection.cursor() as cursor:
        cursor.copy_expert("COPY clients (name) TO STDOUT", copied)
        cursor.copy_expert("COPY archive.payments (artist_id) TO STDOUT", copied)
    assert copied.getvalue() == f"Lia Prado\n{studio.staff.artist.id}\n"


def test_taking_on_the_group_shows_an_artist_nobody_elses(studio: Studio) -> None:
    with studio.staff.artist.database.transaction() as session:
        session.execute(text("SET LOCAL ROLE studio_artist"))
        assert session.scalars(text("SELECT DISTINCT artist_id FROM payments")).all() == [
            studio.staff.artist.id
        ]


@pytest.mark.parametrize("who", ["colleague", "owner"])
def test_nobody_takes_on_somebody_else(studio: Studio, who: str) -> None:
    other = getattr(studio.staff, who).login
    for statement in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}", "SET ROLE studio_owner"):
        with (
            studio.staff.artist.connected() as connection,
            connection.cursor() as cursor,
            pytest.raises(Error, match="permission denied"),
        ):
            cursor.execute(sql.SQL(statement).format(sql.Identifier(other)))


REFUSED_TO_READ = {
    "artist": {
        "health answers": "SELECT * FROM client_health_answers",
        "an extrato": "SELECT * FROM extratos",
        "the totals of a month": "SELECT studio.month_totals('2025-09-01')",
        "the totals of a closed month": "SELECT studio.month_totals('2025-08-01', 1)",
        "what an extrato holds": "SELECT studio.archived_rows(1)",
        "expenses": "SELECT * FROM expenses",
        "expenses of closed months": "SELECT * FROM archive.expenses",
        "backups": "SELECT * FROM backups",
        "runs": "SELECT * FROM extrato_runs",
        "requests of other desks": "SELECT * FROM requests",
        "stock": "SELECT * FROM stock_items",
        "alerts": "SELECT * FROM alerts",
        "the audit": "SELECT * FROM audit_log",
        "audited identities": "SELECT * FROM audit_identities",
        "whose client is whose": "SELECT * FROM client_artists",
        "the logins": "SELECT * FROM user_logins",
        "PINs": "SELECT * FROM user_pins",
        "all, by switching row security off": "SET row_security = off; SELECT * FROM clients",
        "hashes of passwords": "SELECT rolpassword FROM pg_authid",
        "a file of the server": "SELECT pg_read_file('/etc/passwd')",
    },
    "reception": {
        "extratos": "SELECT totals FROM extratos",
        "the totals of a month": "SELECT studio.month_totals('2025-09-01')",
        "commissions": "SELECT * FROM commissions",
        "payouts of closed months": "SELECT * FROM archive.commissions",
        "closed payments": "SELECT * FROM archive.payments",
        "closed sessions": "SELECT * FROM archive.sessions",
        "closed expenses": "SELECT * FROM archive.expenses",
        "payments of all months": "SELECT * FROM all_payments",
        "backups": "SELECT * FROM backups",
        "the audit": "SELECT * FROM audit_log",
        "audited identities": "SELECT * FROM audit_identities",
        "alerts": "SELECT * FROM alerts",
        "PINs": "SELECT hash FROM user_pins",
        "logins": "SELECT * FROM user_logins",
        "tokens": "SELECT * FROM api_tokens",
        "hashes of passwords": "SELECT rolpassword FROM pg_authid",
        "hashes of passwords by the old view": "SELECT passwd FROM pg_shadow",
        "statistics with values in them": "SELECT * FROM pg_statistic",
        "a file of the server": "SELECT pg_read_file('postgresql.conf')",
        "a folder of the server": "SELECT pg_ls_dir('.')",
        "the server's log": "SELECT pg_current_logfile()",
        "who signs in from where": "SELECT * FROM pg_hba_file_rules",
    },
    "manager": {
        "the audit": "SELECT * FROM audit_log",
        "PINs": "SELECT hash FROM user_pins",
        "logins": "SELECT * FROM user_logins",
        "hashes of passwords": "SELECT rolpassword FROM pg_authid",
    },
    "owner": {
        "PINs": "SELECT hash FROM user_pins",
        "tokens": "SELECT * FROM api_tokens",
        "hashes of passwords": "SELECT rolpassword FROM pg_authid",
        "a file of the server": "SELECT pg_read_file('/etc/passwd')",
    },
}


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        pytest.param(who, statement, id=f"{who} reads {what}")
        for who, attacks in REFUSED_TO_READ.items()
        for what, statement in attacks.items()
    ],
)
def test_refused(studio: Studio, who: str, statement: str) -> None:
    with (
        pytest.raises(RuleError, match="not allowed"),
        studio.staff.of(who).database.transaction() as session,
    ):
        session.execute(text(statement)).all()


def test_own_pin_is_all_that_anybody_gets(studio: Studio) -> None:
    with studio.staff.artist.database.transaction() as session:
        own = session.scalar(text("SELECT studio.own_pin()"))
        stored = dict(studio.books.rows("SELECT user_id, hash FROM user_pins"))
    assert own == stored[studio.staff.artist.id] != stored[studio.staff.colleague.id]
    with studio.staff.owner.database.transaction() as session:
        assert session.scalar(text("SELECT studio.own_pin()")) is None


def test_queries_of_others_are_hidden(studio: Studio) -> None:
    with studio.staff.owner.connected() as other, other.cursor() as busy:
        busy.execute("SELECT 'a secret of the owner'")
        with studio.staff.reception.database.transaction() as session:
            seen = session.scalars(
                text("SELECT query FROM pg_stat_activity WHERE usename = :login"),
                {"login": studio.staff.owner.login},
            ).all()
    assert set(seen) == {"<insufficient privilege>"}
