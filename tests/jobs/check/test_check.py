"""check on the server of a small studio, whose own database it must leave alone."""

import signal
import time
from collections.abc import Callable

import pytest
from sqlalchemy import URL, text

from server_jobs.check import proofs
from server_jobs.check.books import Books as ProofBooks
from server_jobs.check.running import Proved, run_proofs
from studio_core.db.engine import Database, raw_connection
from tests.books import Books
from tests.jobs.conftest import Jobs, written


@pytest.fixture
def admin(books: Books) -> dict[str, str]:
    return {"ADMIN_DATABASE_URL": written(books.database.url)}


@pytest.fixture
def scratches(database_url: URL) -> Callable[[], list[str]]:
    """The scratch databases of this test's studio that stand on the server now."""

    def found() -> list[str]:
        connection = raw_connection(database_url, application_name="tests")
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
                    (f"{database_url.database}_scratch_",),
                )
                return [name for (name,) in cursor.fetchall()]
        finally:
            connection.close()

    return found


def roles(books: Books) -> list[tuple[object, ...]]:
    """The groups and this studio's logins; other tests make their own in the same cluster."""
    return books.rows(
        "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles"
        " WHERE starts_with(rolname, 'studio_') OR starts_with(rolname, current_database())"
        " ORDER BY 1"
    )


def test_deletion_and_batches_are_proved_and_the_studio_is_left_alone(
    jobs: Jobs,
    books: Books,
    admin: dict[str, str],
    scratches: Callable[[], list[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    books.fill(5)
    before = (books.snapshot(), books.value("SELECT count(*) FROM extrato_runs"), roles(books))

    ran = jobs("check", "--deletion", "--batches", **admin)

    assert ran.code == 0, ran.out + ran.err
    lines = ran.out.splitlines()
    assert len(lines) == len(list(proofs.deletion_proofs())) + len(list(proofs.batch_proofs()))
    assert all(line.startswith("ok ") for line in lines)
    assert scratches() == []
    after = (books.snapshot(), books.value("SELECT count(*) FROM extrato_runs"), roles(books))
    assert after == before


def test_batches_alone_as_json(
    jobs: Jobs, books: Books, admin: dict[str, str], scratches: Callable[[], list[str]]
) -> None:
    ran = jobs("check", "--batches", "--json", **admin)

    assert ran.code == 0, ran.err
    assert ran.json["holds"] is True
    assert [proof["name"] for proof in ran.json["proofs"]] == ["batches"]
    assert ran.json["health"] is None
    assert scratches() == []


@pytest.mark.parametrize(
    ("break_it", "name"),
    [
        (
            "CREATE FUNCTION studio.drop_a_note() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.notes := NULL; RETURN NEW; END $$;"
            " CREATE TRIGGER drop_a_note BEFORE INSERT ON archive.payments FOR EACH ROW"
            " EXECUTE FUNCTION studio.drop_a_note()",
            "exact",
        ),
        (
            "CREATE OR REPLACE FUNCTION studio.refuse_change() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$;"
            " CREATE OR REPLACE FUNCTION studio.hold_months() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$",
            "sealed",
        ),
    ],
)
def test_a_program_that_breaks_its_promise_is_caught(
    books: Books,
    break_it: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = ProofBooks.__init__

    def broken(self: ProofBooks, admin: Database, folder: object) -> None:
        made(self, admin, folder)  # type: ignore[arg-type]  # Handed on as it came.
        self.run(break_it)

    monkeypatch.setattr(ProofBooks, "__init__", broken)
    said: list[Proved] = []

    found = run_proofs(books.database.url, deletion=True, batches=True, said=said.append)

    assert said == found
    assert [proved.name for proved in found if not proved.holds] == [name]


def test_the_health_check_and_the_dry_run_only_read(jobs: Jobs, books: Books) -> None:
    books.fill(3)
    before = books.everything()

    ran = jobs("check", "--health-check", "--dry-run")

    assert ran.code == 0, ran.out
    assert "is healthy" in ran.out
    assert "would be closed" in ran.out
    assert books.everything() == before


def test_an_unhealthy_studio_fails_the_check(jobs: Jobs, books: Books) -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO extrato_runs (month_start, action, status)"
                " VALUES ('2025-09-01', 'close', 'died')"
            )
        )

    ran = jobs("check", "--health-check")

    assert ran.code == 1
    assert "2025-09" in ran.out


def test_an_interrupted_check_drops_its_database(
    jobs: Jobs, books: Books, admin: dict[str, str], scratches: Callable[[], list[str]]
) -> None:
    process = jobs.start("check", "--deletion", **admin)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ok ")
    assert len(scratches()) == 1

    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 1
    give_up = time.monotonic() + 10
    while scratches() and time.monotonic() < give_up:
        time.sleep(0.1)
    assert scratches() == []


def test_a_login_that_may_not_make_databases_is_told_so(jobs: Jobs, books: Books) -> None:
    ran = jobs("check", "--batches")

    assert ran.code == 2
    assert "ADMIN_DATABASE_URL" in ran.err
