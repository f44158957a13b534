"""Wrong input: one sentence on stderr, exit 2, and nothing changed."""

import pytest
from sqlalchemy import URL

from studio_core.db.engine import Database, raw_connection
from tests.jobs.conftest import PASSWORD, Jobs, written


def refused(jobs: Jobs, *arguments: str, code: int = 2, **environment: str) -> str:
    """The one sentence of a command that refused."""
    ran = jobs(*arguments, **environment)
    assert ran.code == code, ran
    assert ran.out == ""
    assert ran.err.count("\n") == 1, ran.err
    assert "Traceback" not in ran.err
    return ran.err.strip()


@pytest.mark.parametrize(
    ("year", "month", "sentence"),
    [
        ("2026", "13", "The month must be a number from 1 to 12."),
        ("2026", "0", "The month must be a number from 1 to 12."),
        ("2026", "-1", "The month must be a number from 1 to 12."),
        ("2026", "abc", "The month must be a number from 1 to 12."),
        ("2026", "\N{FULLWIDTH DIGIT NINE}", "The month must be a number from 1 to 12."),
        ("abc", "9", "The year must be between 2000 and 2100."),
        ("25", "9", "The year must be between 2000 and 2100."),
        ("99999999999", "9", "The year must be between 2000 and 2100."),
    ],
)
@pytest.mark.parametrize("command", [("extrato", "run"), ("backup", "create")])
def test_malformed_month_is_named(
    jobs: Jobs, command: tuple[str, ...], year: str, month: str, sentence: str
) -> None:
    assert refused(jobs, *command, f"--year={year}", f"--month={month}") == sentence


@pytest.mark.parametrize("option", ["--year=2025", "--month=9"])
def test_half_a_month_is_not_guessed(jobs: Jobs, option: str) -> None:
    assert refused(jobs, "extrato", "show", option).startswith("Give both --year and --month")


@pytest.mark.parametrize(
    "arguments",
    [
        ("extrato", "close"),
        ("exrato",),
        ("extrato", "run", "--bogus"),
        ("extrato", "reopen"),
        ("backup", "restore"),
        ("import", "legacy"),
        ("extrato", "show", "--version", "x"),
        ("extrato", "show", "--version", "0"),
    ],
)
def test_wrong_command_line_is_usage(jobs: Jobs, arguments: tuple[str, ...]) -> None:
    refused(jobs, *arguments)


@pytest.mark.parametrize("size", ["0", "-5", "abc", "1.5"])
def test_bad_batch_size_is_an_error_at_start(jobs: Jobs, size: str) -> None:
    assert "BATCH_SIZE" in refused(jobs, "extrato", "run", BATCH_SIZE=size)


def test_bytes_that_are_no_text_are_usage(jobs: Jobs) -> None:
    """What a terminal in another encoding sends; no database could be told it."""
    arguments = ("extrato", "reopen", "--year=2025", "--month=9", "--reason", "n\udce3o")
    assert "encoding" in refused(jobs, *arguments)


def test_an_address_with_a_nul_cannot_be_read(jobs: Jobs) -> None:
    address = "postgresql://somebody:se%00cret@127.0.0.1/studio"
    assert "cannot be read" in refused(jobs, "extrato", "list", DATABASE_URL=address)


def test_missing_address_is_named(jobs: Jobs) -> None:
    assert "DATABASE_URL" in refused(jobs, "extrato", "list", DATABASE_URL="")


def test_unreachable_database_is_configuration(jobs: Jobs) -> None:
    address = "postgresql://somebody:secret@127.0.0.1:1/studio"
    assert "does not answer" in refused(jobs, "extrato", "list", DATABASE_URL=address)


def test_wrong_password_is_configuration(jobs: Jobs, jobs_url: URL) -> None:
    address = written(jobs_url.set(password="not-this-one"))
    sentence = refused(jobs, "extrato", "list", DATABASE_URL=address)
    assert str(jobs_url.username) in sentence
    assert "not-this-one" not in sentence


def test_missing_database_is_named(jobs: Jobs, database_url: URL) -> None:
    address = written(database_url.set(database="no_such_studio"))
    assert "no_such_studio" in refused(jobs, "extrato", "list", DATABASE_URL=address)


def test_database_without_tables_asks_for_migrate(jobs: Jobs, empty_database_url: URL) -> None:
    sentence = refused(jobs, "extrato", "list", DATABASE_URL=written(empty_database_url))
    assert "studio-jobs migrate" in sentence


def test_newer_schema_is_left_alone(jobs: Jobs, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "newer program" in refused(jobs, "extrato", "run")


def test_older_program_is_told(jobs: Jobs, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO settings (key, value) VALUES ('min_program_version', '\"99.0\"')"
        )
    assert "older than the database allows" in refused(jobs, "extrato", "run")


def test_login_outside_the_group_is_told_what_to_do(jobs: Jobs, database: Database) -> None:
    name = f"{database.url.database}.stranger"
    connection = raw_connection(database.url, application_name="tests")
    cursor = connection.cursor()
    cursor.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{PASSWORD}'")
    cursor.execute(f'GRANT studio_reception TO "{name}"')
    cursor.execute(f'GRANT CONNECT ON DATABASE "{database.url.database}" TO "{name}"')
    connection.close()
    address = written(database.url.set(username=name, password=PASSWORD))
    assert "studio_jobs" in refused(jobs, "extrato", "list", DATABASE_URL=address)


def test_superuser_works_and_is_warned(jobs: Jobs, database_url: URL) -> None:
    ran = jobs("extrato", "list", DATABASE_URL=written(database_url))
    assert ran.code == 0
    assert ran.err.startswith("Warning: working as the administrator")


def test_log_folder_that_cannot_be_written_is_named(jobs: Jobs) -> None:
    jobs.log_dir.parent.mkdir(exist_ok=True)
    (jobs.log_dir.parent / "file").touch()
    sentence = refused(jobs, "extrato", "list", LOG_DIR=str(jobs.log_dir.parent / "file" / "logs"))
    assert "LOG_DIR" in sentence


def test_a_fault_of_ours_is_logged_and_said_without_traceback(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("server_jobs.cli.extrato.list_extratos", broken)
    sentence = refused(jobs, "extrato", "list", code=1)
    assert "a bug" not in sentence
    logged = (jobs.log_dir / "atomic_extrato.log").read_text("utf-8")
    assert "KeyError" in logged
    assert sentence.rstrip(".").split()[-1] in logged


def test_version_and_help_need_no_database(jobs: Jobs) -> None:
    assert jobs("--version", DATABASE_URL="").out.strip()
    ran = jobs("--help", DATABASE_URL="")
    assert ran.code == 0
    assert "75 already running" in " ".join(ran.out.split())
    assert jobs("extrato", "run", "--help").code == 0


def test_a_group_alone_shows_its_commands(jobs: Jobs) -> None:
    ran = jobs("extrato")
    assert ran.code == 2
    assert "reopen" in ran.err


@pytest.mark.parametrize(
    "group", [(), ("extrato",), ("backup",), ("import",), ("alerts",), ("demo",)]
)
def test_every_command_is_introduced_by_a_whole_sentence(
    jobs: Jobs, group: tuple[str, ...]
) -> None:
    assert "..." not in jobs(*group, "--help").out.replace("[ARGS]...", "")
