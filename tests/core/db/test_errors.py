"""What a real server answers, as our refusals."""

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import ProgrammingError

from studio_core.db.engine import Database, raw_connection
from studio_core.db.errors import translated
from studio_core.errors import (
    AlreadyRunningError,
    ConfigError,
    ConflictError,
    RuleError,
    StudioError,
    UnavailableError,
)
from studio_core.sentences import SENTENCES


@pytest.fixture
def studio(empty_database_url: URL) -> Iterator[Database]:
    with Database(empty_database_url, application_name="tests") as own:
        yield own


def _refusal_of(studio: Database, *statements: str) -> StudioError:
    with pytest.raises(StudioError) as refusal, studio.transaction() as session:
        for statement in statements:
            session.execute(text(statement))
    assert refusal.value.code in SENTENCES
    return refusal.value


def _raising(state: str, message: str, detail: str) -> str:
    return (
        f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = '{message}',"
        f" DETAIL = '{detail}'; END $$"
    ).replace(":", r"\:")


@pytest.mark.parametrize(
    ("state", "kind"),
    [("ST001", RuleError), ("ST002", ConflictError), ("ST075", AlreadyRunningError)],
)
def test_our_own_states_carry_code_and_params(
    studio: Database, state: str, kind: type[StudioError]
) -> None:
    refusal = _refusal_of(studio, _raising(state, "month_closed", '{"month": "2025-09"}'))
    assert type(refusal) is kind
    assert refusal.code == "month_closed"
    assert refusal.params == {"month": "2025-09"}
    assert "2025-09" in str(refusal)


def test_our_own_state_without_json_still_carries_its_code(studio: Database) -> None:
    refusal = _refusal_of(studio, _raising("ST001", "month_closed", "not json"))
    assert (refusal.code, refusal.params) == ("month_closed", {})


def test_a_bug_in_sql_stays_a_bug(studio: Database) -> None:
    with pytest.raises(ProgrammingError), studio.transaction() as session:
        session.execute(text("SELECT nothing FROM nowhere"))
    assert translated(ValueError()) is None


@pytest.mark.parametrize(
    ("code", "column", "values"),
    [
        ("constraint_unique", "name text CONSTRAINT the_rule UNIQUE", "('a'), ('a')"),
        ("constraint_check", "n int CONSTRAINT the_rule CHECK (n > 0)", "(0)"),
        (
            "constraint_foreign_key",
            "n int PRIMARY KEY, other int CONSTRAINT the_rule REFERENCES things",
            "(1, 7)",
        ),
        (
            "constraint_exclusion",
            "span int4range, CONSTRAINT the_rule EXCLUDE USING gist (span WITH &&)",
            "('[1,5)'), ('[2,3)')",
        ),
    ],
)
def test_a_constraint_without_a_sentence_has_a_general_one(
    studio: Database, code: str, column: str, values: str
) -> None:
    insert = f"INSERT INTO things VALUES {values}"
    refusal = _refusal_of(studio, f"CREATE TABLE things ({column})", insert)
    assert isinstance(refusal, RuleError)
    assert (refusal.code, refusal.params) == (code, {"constraint": "the_rule"})


def test_a_constraint_with_a_sentence_is_its_own_code(
    studio: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SENTENCES, "things_name_key", "That name is taken.")
    table = "CREATE TABLE things (name text CONSTRAINT things_name_key UNIQUE)"
    refusal = _refusal_of(studio, table, "INSERT INTO things VALUES ('a'), ('a')")
    assert str(refusal) == "That name is taken."


def test_missing_value_names_its_column(studio: Database) -> None:
    refusal = _refusal_of(
        studio, "CREATE TABLE things (name text NOT NULL)", "INSERT INTO things VALUES (NULL)"
    )
    assert (refusal.code, refusal.params) == ("constraint_not_null", {"constraint": "name"})


def test_permission_denied_is_not_allowed(studio: Database) -> None:
    role = f'"{studio.url.database}.guest"'
    refusal = _refusal_of(
        studio, f"CREATE ROLE {role}", "CREATE TABLE things ()", f"SET ROLE {role}", "TABLE things"
    )
    assert isinstance(refusal, RuleError)
    assert refusal.code == "not_allowed"


def test_a_row_that_another_holds_is_a_lock_timeout(studio: Database) -> None:
    with studio.transaction() as session:
        session.execute(text("CREATE TABLE things (id int)"))
    with studio.transaction() as holder:
        holder.execute(text("LOCK things"))
        refusal = _refusal_of(studio, "SET LOCAL lock_timeout = '20ms'", "LOCK things")
    assert isinstance(refusal, RuleError)
    assert refusal.code == "lock_timeout"


def test_a_slow_statement_is_stopped(studio: Database) -> None:
    refusal = _refusal_of(studio, "SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(5)")
    assert isinstance(refusal, UnavailableError)
    assert refusal.code == "took_too_long"


def test_serialisation_failure_may_be_tried_again(studio: Database) -> None:
    with studio.transaction() as session:
        session.execute(text("CREATE TABLE things AS SELECT 1 AS n"))
    with pytest.raises(UnavailableError) as refusal, studio.transaction() as late:
        late.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        late.execute(text("TABLE things"))
        with studio.transaction() as early:
            early.execute(text("UPDATE things SET n = 2"))
        late.execute(text("UPDATE things SET n = 3"))
    assert refusal.value.code == "try_again"


def test_extension_that_the_server_lacks_is_named(studio: Database) -> None:
    refusal = _refusal_of(studio, "CREATE EXTENSION no_such_extension")
    assert isinstance(refusal, ConfigError)
    assert (refusal.code, refusal.params) == (
        "extension_missing",
        {"extension": "no_such_extension"},
    )


def test_wrong_password_unknown_user_and_no_password_read_the_same(admin_url: URL) -> None:
    for url in (
        admin_url.set(password="wrong"),
        admin_url.set(username="ghost"),
        admin_url._replace(password=None),
    ):
        with pytest.raises(RuleError) as refusal:
            Database(url, application_name="tests").check()
        assert refusal.value.code == "sign_in_refused"


def test_wrong_database_is_named(admin_url: URL) -> None:
    with pytest.raises(ConfigError) as refusal:
        raw_connection(admin_url.set(database="no_such_studio"), application_name="tests")
    assert refusal.value.code == "database_missing"
    assert refusal.value.params == {"database": "no_such_studio"}


@pytest.mark.parametrize("address", ["127.0.0.1:1", "no-such-host.invalid:5432"])
def test_a_server_that_is_not_there_is_unavailable(address: str) -> None:
    with pytest.raises(UnavailableError) as refusal:
        Database(f"postgresql://a:b@{address}/studio", application_name="tests").check()
    assert refusal.value.code == "database_unreachable"


def test_a_server_without_tls_is_refused_outside_loopback(admin_url: URL) -> None:
    url = admin_url.update_query_dict({"sslmode": "require"})
    with pytest.raises(ConfigError) as refusal:
        Database(url, application_name="tests").check()
    assert refusal.value.code == "server_without_tls"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('FATAL:  autenticação do tipo senha falhou para o usuário "ana"', "sign_in_refused"),
        ('FATAL:  banco de dados "studio" não existe', "database_missing"),
        ("FATAL:  the database system is starting up", "database_starting"),
        ("FATAL:  sorry, too many clients already", "database_busy"),
        ("session is read-only", "no_primary"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.9"', "connection_not_admitted"),
        ("timeout expired", "database_unreachable"),
        ("server closed the connection unexpectedly", "connection_lost"),
    ],
)
def test_refused_connections_are_told_apart_by_their_text(said: str, code: str) -> None:
    refusal = translated(psycopg2.OperationalError(said))
    assert refusal is not None
    assert refusal.code == code
    assert code in SENTENCES


def test_every_code_of_this_module_has_a_sentence() -> None:
    from studio_core.db import errors

    codes = {code for _, code in errors._BY_STATE.values()}
    codes |= {code for _, _, code in errors._AT_CONNECT} | set(errors._CONSTRAINTS.values())
    assert codes <= set(SENTENCES)
