"""studio-jobs migrate and setup: from an empty database to an owner who signs in."""

import pytest
import typer
from sqlalchemy import URL

from studio_core.db.engine import Database, raw_connection
from studio_core.errors import RuleError
from studio_core.people.logins import login_role
from studio_core.people.queries import signed_in_person
from tests.jobs.conftest import PASSWORD, Jobs, written

OWNER = ("--name", "Helena Prado", "--email", "helena@estudio.example")
FIRST, SECOND = "mesa-azul-91-lua", "outra-chuva-17-sol"


def signs_in(database: URL, password: str, email: str = "helena@estudio.example") -> str:
    """The access of whoever signs in so."""
    login = login_role(str(database.database), email)
    address = database.set(username=login, password=password)
    with Database(address, application_name="tests") as own, own.transaction() as session:
        return str(signed_in_person(session).access)


@pytest.fixture
def fresh(jobs: Jobs, empty_database_url: URL) -> URL:
    """An empty database, in whose place `jobs` is to work with a login that is not there yet."""
    login = f"{empty_database_url.database}.worker"
    url = empty_database_url.set(username=login, password=PASSWORD)
    jobs.environment["ADMIN_DATABASE_URL"] = written(empty_database_url)
    jobs.environment["DATABASE_URL"] = written(url)
    return url


def test_one_env_file_is_enough_from_nothing_to_an_owner(jobs: Jobs, fresh: URL) -> None:
    assert jobs("extrato", "list").code == 2
    assert jobs("migrate").code == 0
    again = jobs("migrate")
    assert again.code == 0
    assert "already" in again.out
    assert jobs("extrato", "list").code == 0
    ran = jobs("setup", *OWNER, "--password-stdin", stdin=f"{FIRST}\n", TZ="America/Manaus")
    assert ran.code == 0, ran.err
    assert signs_in(fresh, FIRST) == "owner"
    with Database(fresh, application_name="tests") as jobs_own, jobs_own.transaction() as session:
        zone = session.connection().exec_driver_sql("SELECT studio.zone()").scalar_one()
    assert zone == "America/Manaus"


def test_login_is_left_alone_when_it_works_and_mended_when_not(jobs: Jobs, fresh: URL) -> None:
    jobs("migrate")
    connection = raw_connection(jobs.environment["ADMIN_DATABASE_URL"], application_name="tests")
    cursor = connection.cursor()
    question = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
    cursor.execute(question, (fresh.username,))
    made = cursor.fetchone()
    assert made is not None
    assert made[0].startswith("SCRAM-SHA-256$")
    jobs("migrate")
    cursor.execute(question, (fresh.username,))
    assert cursor.fetchone() == made
    cursor.execute(f"ALTER ROLE \"{fresh.username}\" NOLOGIN PASSWORD 'another'")
    connection.close()
    assert jobs("extrato", "list").code == 2
    jobs("migrate")
    assert jobs("extrato", "list").code == 0


def test_migrate_works_with_one_address_alone(jobs: Jobs, empty_database_url: URL) -> None:
    assert jobs("migrate", DATABASE_URL=written(empty_database_url)).code == 0


@pytest.mark.parametrize("group", ["studio_owner", "studio_closing", "studio_api"])
def test_group_of_the_program_never_becomes_a_login(jobs: Jobs, fresh: URL, group: str) -> None:
    ran = jobs("migrate", DATABASE_URL=written(fresh.set(username=group)))
    assert ran.code == 2
    assert group in ran.err


def test_migrate_as_a_plain_login_is_refused(jobs: Jobs) -> None:
    ran = jobs("migrate")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "ADMIN_DATABASE_URL" in ran.err


def test_second_owner_is_not_set_up(jobs: Jobs) -> None:
    assert jobs("setup", *OWNER, "--password-stdin", stdin=FIRST).code == 0
    ran = jobs("setup", *OWNER, "--password-stdin", stdin=FIRST)
    assert ran.code == 4
    assert "--reset-owner" in ran.err


@pytest.mark.parametrize(
    ("options", "stdin", "code"),
    [
        (("--name", "Helena Prado", "--email", "helena"), FIRST, 4),
        (OWNER, "curta", 4),
        (OWNER, "", 4),
        (OWNER[:2], FIRST, 2),
        (OWNER[2:], FIRST, 2),
    ],
)
def test_unusable_owner_is_refused(
    jobs: Jobs, database_url: URL, options: tuple[str, ...], stdin: str, code: int
) -> None:
    ran = jobs("setup", *options, "--password-stdin", stdin=stdin)
    assert ran.code == code, ran.err
    with Database(database_url, application_name="tests") as admin, admin.transaction() as session:
        found = session.connection().exec_driver_sql("SELECT count(*) FROM users").scalar_one()
    assert found == 0


def test_nobody_to_type_the_password_is_said(jobs: Jobs) -> None:
    ran = jobs("setup", *OWNER)
    assert ran.code == 2
    assert "--password-stdin" in ran.err


def test_who_leaves_at_a_question_is_told_of_no_fault(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object, **__: object) -> str:
        raise typer.Abort

    monkeypatch.setattr("server_jobs.cli.setup._prompt", leave)
    ran = jobs("setup")
    assert ran.code == 1
    assert ran.err.startswith("Stopped before the end.")
    assert "command_failed" not in (jobs.log_dir / "app.log").read_text("utf-8")


def test_owner_who_forgot_gets_a_new_password(jobs: Jobs, database_url: URL) -> None:
    jobs("setup", *OWNER, "--password-stdin", stdin=FIRST)
    reset = ("setup", "--reset-owner", "--email", "Helena@estudio.example", "--password-stdin")
    assert jobs(*reset, stdin=SECOND).code == 2
    admin = written(database_url)
    assert jobs(*reset, stdin="x", ADMIN_DATABASE_URL=admin).code == 4
    assert jobs(*reset, stdin=SECOND, ADMIN_DATABASE_URL=admin).code == 0
    assert signs_in(database_url, SECOND) == "owner"
    with pytest.raises(RuleError):
        signs_in(database_url, FIRST)


def test_reset_can_add_an_owner(jobs: Jobs, database_url: URL) -> None:
    jobs("setup", *OWNER, "--password-stdin", stdin=FIRST)
    ran = jobs(
        *("setup", "--reset-owner", "--name", "Otávio Lins", "--email", "otavio@estudio.example"),
        "--password-stdin",
        stdin=SECOND,
        ADMIN_DATABASE_URL=written(database_url),
    )
    assert ran.code == 0, ran.err
    assert signs_in(database_url, SECOND, "otavio@estudio.example") == "owner"
    assert signs_in(database_url, FIRST) == "owner"
