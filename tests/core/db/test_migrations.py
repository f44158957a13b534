from functools import partial

import pytest
from psycopg2 import sql
from sqlalchemy import URL, CheckConstraint, text
from sqlalchemy.orm import Session

from studio_core.db import migrations
from studio_core.db.engine import Database, raw_connection
from studio_core.db.migrations import (
    check_program,
    differences,
    head_revision,
    migrate,
    migrate_if_needed,
)
from studio_core.db.tables import metadata
from studio_core.db.time_outs import time_outs_are_set
from studio_core.errors import ConfigError, RuleError
from tests.background import Background


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


def test_checks_of_the_models_are_those_of_the_database(database: Database) -> None:
    """Alembic compares columns and keys, but no checks."""
    with database.transaction() as session:
        names = session.get_bind().dialect.identifier_preparer
        for table in metadata.tables.values():
            session.execute(text(f"CREATE TEMPORARY TABLE meant (LIKE {table.fullname})"))
            for check in table.constraints:
                if isinstance(check, CheckConstraint):
                    name = names.format_constraint(check)
                    condition = str(check.sqltext).replace(":", r"\:")
                    session.execute(
                        text(f"ALTER TABLE meant ADD CONSTRAINT {name} CHECK ({condition})")
                    )
            assert _checks(session, "meant") == _checks(session, table.fullname)
            session.execute(text("DROP TABLE meant"))


def _checks(session: Session, table: str) -> list[tuple[str, str]]:
    found = session.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = CAST(:table AS regclass) AND contype = 'c' ORDER BY conname"
        ),
        {"table": table},
    )
    return [(name, condition) for name, condition in found]


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


def test_a_database_of_a_newer_program_is_not_migrated(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError) as refused:
        migrate(database.url)
    assert refused.value.code == "schema_too_new"


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


def test_migrating_again_brings_the_time_outs_of_this_program(database: Database) -> None:
    name = database.url.database
    with database.transaction() as session:
        assert time_outs_are_set(session.connection())
        # As a program left it that knew of no limit to a statement.
        session.execute(text(f"ALTER DATABASE {name} RESET statement_timeout"))
        session.execute(text(f"ALTER DATABASE {name} SET lock_timeout = '1s'"))
        assert not time_outs_are_set(session.connection())
    migrate_if_needed(database)
    database.close()
    with database.transaction() as session:
        assert time_outs_are_set(session.connection())
        assert session.scalar(text("SHOW statement_timeout")) == "30s"
        assert session.scalar(text("SHOW lock_timeout")) == "15s"


def test_two_programs_that_migrate_at_once_wait_for_each_other(empty_database_url: URL) -> None:
    both = [Background(partial(migrate, empty_database_url)) for _ in range(2)]
    for migration in both:
        migration.result()
    with (
        Database(empty_database_url, application_name="tests") as database,
        database.transaction() as session,
    ):
        check_program(session)


def test_the_documented_query_answers(database: Database) -> None:
    with database.transaction() as session:
        assert session.execute(text("SELECT id, name, email FROM users;")).all() == []


def test_the_newest_revision_is_known() -> None:
    assert head_revision() >= "0001"
