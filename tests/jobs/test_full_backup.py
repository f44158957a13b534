"""studio-jobs backup full, drill and restore-full, as an operator calls them."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.people.actions import set_up_owner
from studio_core.people.logins import login_role
from tests.books import Books, Reader
from tests.jobs.conftest import PASSWORD, Jobs, written

EMAIL, OWN_PASSWORD = "olga@example.com", "Tinta-preta-2025"


@pytest.fixture
def studio(books: Books) -> Books:
    books.fill(20)
    with books.database.transaction() as session:
        set_up_owner(session, name="Olga", email=EMAIL, password=OWN_PASSWORD)
    return books


def back_up(jobs: Jobs) -> Path:
    made = jobs("backup", "full", "--json")
    assert made.code == 0, made.err
    return Path(made.json["file"])


def test_the_whole_is_backed_up_listed_and_tried_out(jobs: Jobs, studio: Books) -> None:
    assert "studio-jobs backup full" in jobs("backup", "list", "--full").out
    path = back_up(jobs)
    assert path.parent == jobs.backup_dir
    tried = jobs("backup", "drill")
    assert tried.code == 0, tried.err
    assert f"{path.name} holds everything" in tried.out
    assert "one person who signs in as before" in tried.out
    assert "passed" in jobs("backup", "list", "--full").out
    (listed,) = jobs("backup", "list", "--full", "--json").json
    assert (listed["file"], listed["present"], listed["drill_message"]) == (str(path), True, None)
    health = jobs("monitor", "--report")
    assert health.code == 0
    assert f"{path.name}, is 0 hours old" in health.out
    assert "held everything" in health.out
    said = (jobs.log_dir / "backup_process.log").read_text("utf-8")
    assert "full_backup_created" in said
    assert "drill_passed" in said
    for secret in (OWN_PASSWORD, PASSWORD, "SCRAM"):
        assert secret not in said


def test_a_damaged_file_fails_the_trial_with_exit_code_1(jobs: Jobs, studio: Books) -> None:
    path = back_up(jobs)
    os.truncate(path, path.stat().st_size - 1000)
    for which in ((), (path.name,)):
        ran = jobs("backup", "drill", *which)
        assert ran.code == 1
        assert "cannot be read" in ran.err
    ran = jobs("backup", "drill", "--json")
    assert (ran.code, ran.json["passed"]) == (1, False)
    assert "cannot be read" in ran.json["reason"]
    health = jobs("monitor")
    assert health.code == 1
    assert f"The trial restore of {path.name} failed" in health.out
    assert "FAILED" in jobs("backup", "list", "--full").out


def test_without_a_backup_there_is_nothing_to_try(jobs: Jobs, studio: Books) -> None:
    ran = jobs("backup", "drill")
    assert ran.code == 4
    assert "Make one first: backup full." in ran.err


def test_copies_are_made_and_a_disk_that_is_away_is_said(
    jobs: Jobs, studio: Books, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    ran = jobs("backup", "full", BACKUP_COPY_DIR=str(second))
    assert ran.code == 1
    assert f"{second} is not there" in ran.err
    assert len(list(jobs.backup_dir.iterdir())) == 1, "the backup is there all the same"
    assert studio.value("SELECT count(*) FROM alerts WHERE kind = 'backup_failed'") == 1
    assert jobs("monitor", BACKUP_COPY_DIR=str(second)).code == 1
    second.mkdir()
    ran = jobs("backup", "full", BACKUP_COPY_DIR=str(second))
    assert ran.code == 0, ran.err
    assert sorted(file.name for file in second.iterdir()) == sorted(
        file.name for file in jobs.backup_dir.iterdir()
    )
    health = jobs("monitor", "--report", BACKUP_COPY_DIR=str(second))
    assert health.code == 0
    assert f"copied to {second}" in health.out
    # What is nowhere but in the second place is found there.
    shutil.rmtree(jobs.backup_dir)
    assert jobs("backup", "drill", BACKUP_COPY_DIR=str(second)).code == 0


def test_a_copy_that_is_long_missing_is_a_fault(jobs: Jobs, studio: Books, tmp_path: Path) -> None:
    back_up(jobs)
    with studio.database.transaction() as session:
        session.execute(text("UPDATE full_backups SET created_at = now() - interval '30 hours'"))
    ran = jobs("monitor", BACKUP_COPY_DIR=str(tmp_path))
    assert ran.code == 1
    assert f"1 backups of more than a day ago are not copied to {tmp_path}" in ran.out


def test_a_second_place_that_is_the_first_is_refused(jobs: Jobs) -> None:
    ran = jobs("backup", "full", BACKUP_COPY_DIR=str(jobs.backup_dir))
    assert ran.code == 2
    assert "BACKUP_COPY_DIR" in ran.err


@pytest.fixture
def other_server(run_root: Path, worker_name: str) -> EmbeddedServer:
    return EmbeddedServer(run_root / f"moved-to-{worker_name}", profile="fast")


def test_a_studio_moves_to_another_server(
    jobs: Jobs, studio: Books, other_server: EmbeddedServer
) -> None:
    path = back_up(jobs)
    before = studio.kept_by_a_backup()
    with other_server:
        admin = other_server.url.set(database=studio.database.url.database)
        jobs_url = admin.set(username=f"{admin.database}.jobs", password=PASSWORD)
        environment = {
            "ADMIN_DATABASE_URL": written(admin),
            "DATABASE_URL": written(jobs_url),
        }
        ran = jobs("backup", "restore-full", path.name, **environment)
        assert ran.code == 0, ran.err
        assert "one person who signs in as before" in ran.out
        made = studio.value(
            "SELECT to_char(created_at AT TIME ZONE studio.zone(), 'HH24:MI') FROM full_backups"
        )
        assert f" at {made}: " in ran.out
        with Database(admin, application_name="tests") as moved:
            assert Reader(moved).kept_by_a_backup() == before
        person = admin.set(username=login_role(str(admin.database), EMAIL), password=OWN_PASSWORD)
        with Database(person, application_name="tests") as signed_in:
            signed_in.check()
        assert jobs("backup", "full", **environment).code == 0
        assert jobs("monitor", **environment).code == 0
        again = jobs("backup", "restore-full", path.name, **environment)
        assert again.code == 4
        assert "is in use" in again.err


def test_restoring_asks_for_an_administrator(
    jobs: Jobs, studio: Books, empty_database_url: URL
) -> None:
    name = back_up(jobs).name
    ran = jobs("backup", "restore-full", name)
    assert (ran.code, "ADMIN_DATABASE_URL" in ran.err) == (2, True)
    ran = jobs("backup", "restore-full", name, ADMIN_DATABASE_URL=jobs.environment["DATABASE_URL"])
    assert (ran.code, "no administrator" in ran.err) == (2, True)
    wrong = written(empty_database_url.set(password="wrong"))
    ran = jobs("backup", "restore-full", name, ADMIN_DATABASE_URL=wrong)
    assert (ran.code, "refuses the login" in ran.err) == (2, True)
    ran = jobs(
        "backup", "restore-full", "nowhere.full.zip",
        ADMIN_DATABASE_URL=written(empty_database_url),
    )  # fmt: skip
    assert (ran.code, "no such file" in ran.err) == (4, True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing(
    jobs: Jobs, studio: Books, number: signal.Signals
) -> None:
    """Held in the middle by an open change of a sequence, which pg_dump alone looks at."""
    with studio.database.transaction() as session:
        session.execute(text("ALTER SEQUENCE audit_log_id_seq RENAME TO held"))
        process = jobs.start("backup", "full")
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND application_name = 'studio full backup'"
        )
        while not studio.value(waiting):
            assert process.poll() is None, process.communicate()
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Stopped before the end" in said
    assert list(jobs.backup_dir.iterdir()) == []
    assert studio.value("SELECT count(*) FROM full_backups") == 0
