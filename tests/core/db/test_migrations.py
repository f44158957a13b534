import pytest
from psycopg2 import sql
from sqlalchemy import URL, text

from studio_core.db import migrations
from studio_core.db.engine import Database, raw_connection
from studio_core.db.migrations import check_program, differences, head_revision, migrate
from studio_core.errors import ConfigError, RuleError


def test_an_empty_database_goes_to_head_and_back(empty_database_url: URL) -> None:
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as database:
        with database.transaction() as session:
            assert differences(session) == []
            check_program(session)
        migrate(empty_database_url, "base")
        with database.transaction() as session:
            left = session.scalars(
                text(
                    "SELECT format('%s.%s', nspname, relname) FROM pg_class c"
                    " JOIN pg_namespace n ON n.oid = relnamespace"
                    " WHERE nspname IN ('public', 'archive', 'studio') AND relkind IN ('r', 'v')"
                )
            ).all()
    assert left == ["public.alembic_version"]
    migrate(empty_database_url)


def test_migrating_again_changes_nothing_and_mends_what_is_missing(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER keep_commissions_insert ON payments"))
        session.execute(text("GRANT DELETE ON payments TO studio_owner"))
    migrate(database.url)
    with database.transaction() as session:
        assert session.scalar(
            text("SELECT count(*) FROM pg_trigger WHERE tgname = 'keep_commissions_insert'")
        )
        assert not session.scalar(
            text("SELECT has_table_privilege('studio_owner', 'payments', 'DELETE')")
        )
        assert differences(session) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "schema_too_new"),
        ("DELETE FROM alembic_version", "not_migrated"),
        (
            "INSERT INTO settings (key, value) VALUES ('min_program_version', '\"99.0.0\"')",
            "program_too_old",
        ),
    ],
)
def test_a_program_that_does_not_fit_says_so(database: Database, statement: str, code: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        check_program(session)
    assert refused.value.code == code


def test_the_extensions_must_be_there(
    empty_database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "EXTENSIONS", ("unaccent", "no_such_extension"))
    with pytest.raises(ConfigError, match="no_such_extension"):
        migrate(empty_database_url)
    with (
        Database(empty_database_url, application_name="tests") as database,
        database.transaction() as session,
    ):
        assert migrations.current_revision(session) is None


def test_a_server_that_is_too_old_is_refused(
    empty_database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "OLDEST_SERVER", 99)
    with pytest.raises(ConfigError, match="99 or newer"):
        migrate(empty_database_url)


def test_the_database_frees_the_locks_of_a_frozen_desk(database_url: URL) -> None:
    connection = raw_connection(database_url, application_name="tests")
    with connection.cursor() as cursor:
        for name in ("idle_in_transaction_session_timeout", "lock_timeout"):
            cursor.execute(sql.SQL("SHOW {}").format(sql.Identifier(name)))
            assert cursor.fetchone() not in (None, ("0",))
    connection.close()


def test_the_documented_query_answers(database: Database) -> None:
    with database.transaction() as session:
        assert session.execute(text("SELECT id, name, email FROM users;")).all() == []


def test_the_newest_revision_is_known() -> None:
    assert head_revision() >= "0001"
