"""Making full backups: what is in one, whom it disturbs, and what is left when it fails."""

import json
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

import make
from studio_core.backups.create import create_full_backup
from studio_core.backups.file import read_full
from studio_core.backups.manifest import FullManifest
from studio_core.backups.records import full_backups
from studio_core.db.engine import Database
from studio_core.errors import AlreadyRunningError, ConfigError, RuleError, StudioError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.models import FullBackup
from studio_core.extrato.runs import Progress
from tests.books import MONTH
from tests.core.backups.conftest import (
    OWNER_PASSWORD,
    Studio,
    make_it_large,
    run_as_admin,
    signed_in,
)
from tests.full_disks import files_no_larger_than


def in_the_dump(do: Callable[[], object]) -> Callable[[Progress], None]:
    """Does it once, when the first piece of the dump has arrived and the next is held back."""
    done = False

    def progressed(progress: Progress) -> None:
        nonlocal done
        if progress.stage == "dump" and not done:
            done = True
            do()

    return progressed


def test_it_holds_every_table_the_logins_and_says_so(studio: Studio) -> None:
    row = studio.back_up()
    path = studio.path(row)
    assert list(studio.folder.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size == row.file_bytes
    file = read_full(path)
    tables = studio.books.rows(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT LIKE 'pg%' AND schemaname <> 'information_schema'"
    )
    assert set(file.manifest.tables) == {name for (name,) in tables}
    assert file.manifest.tables["public.payments"].rows == 30
    people = [login for login in file.surroundings.logins if login.kind == "person"]
    assert sorted(group for login in people for group in login.groups) == [
        "studio_owner",
        "studio_reception",
    ]
    assert all((login.verifier or "").startswith("SCRAM-SHA-256$4096:") for login in people)
    with studio.books.database.transaction() as session:
        assert full_backups(session) == (row,)
        noted = session.get_one(FullBackup, row.id).manifest
        assert FullManifest.from_json(noted) == file.manifest


def test_nothing_that_checks_a_password_reaches_the_database_or_a_plain_password_the_file(
    studio: Studio,
) -> None:
    path = studio.path(studio.back_up())
    noted = json.dumps(studio.books.value("SELECT manifest FROM full_backups"))
    assert "SCRAM" not in noted
    with zipfile.ZipFile(path) as archive:
        assert OWNER_PASSWORD.encode() not in archive.read("surroundings.json")


def test_row_security_blinds_no_backup(studio: Studio) -> None:
    run_as_admin(
        studio,
        "ALTER TABLE clients FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY nobody ON clients AS RESTRICTIVE USING (false);"
        "INSERT INTO clients (name) VALUES ('Hidden')",
    )
    with studio.jobs.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM clients")) == 0
    file = read_full(studio.path(studio.back_up()))
    assert file.manifest.tables["public.clients"].rows == 1


def test_desks_book_and_a_month_is_closed_while_it_is_being_made(studio: Studio) -> None:
    make_it_large(studio.books.database)
    books = studio.books

    def work() -> None:
        books.pay("10.00")
        create_backup(books.database, month=MONTH, directory=studio.folder / "months")
        options = ClosingOptions(backup_dir=studio.folder / "months")
        close_month(books.database, month=MONTH, options=options)

    file = read_full(studio.path(studio.back_up(on_progress=in_the_dump(work))))
    assert books.value("SELECT count(*) FROM archive.payments") == 31
    assert file.manifest.tables["public.payments"].rows == 30
    assert file.manifest.tables["archive.payments"].rows == 0
    assert file.manifest.newest_extrato is None


def test_the_databases_own_time_outs_do_not_end_it(studio: Studio) -> None:
    make_it_large(studio.books.database)
    name = studio.books.database.url.database
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        run_as_admin(studio, f'ALTER DATABASE "{name}" SET {setting} = 500')
    with Database(studio.jobs.url, application_name="tests") as jobs:
        with jobs.transaction() as session:
            assert session.scalar(text("SHOW statement_timeout")) == "500ms"
        # Twice as long as any of them would wait for a reader that has stopped to read.
        held = in_the_dump(lambda: threading.Event().wait(1))
        row = create_full_backup(jobs, directory=studio.folder, on_progress=held)
    read_full(studio.path(row))


def test_no_password_stands_on_a_command_line(studio: Studio) -> None:
    make_it_large(studio.books.database)
    seen: list[str] = []

    def look() -> None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # It has ended meanwhile.
            if "pg_dump" in line:
                seen.append(line)

    studio.back_up(on_progress=in_the_dump(look))
    own = [line for line in seen if f"dbname={studio.jobs.url.database}" in line]
    assert own
    assert "jobs-password" not in "".join(own)


def test_a_full_disk_is_said_and_leaves_no_half_file(studio: Studio) -> None:
    make_it_large(studio.books.database)
    with pytest.raises(StudioError) as refused, files_no_larger_than(100_000):
        studio.back_up()
    assert refused.value.code == "disk_full"
    assert str(studio.folder) in str(refused.value)
    assert_nothing_is_left(studio)


def test_cancelled_in_the_middle_nothing_is_left(studio: Studio) -> None:
    make_it_large(studio.books.database)
    stop = threading.Event()
    with pytest.raises(RuleError) as refused:
        studio.back_up(on_progress=in_the_dump(stop.set), cancelled=stop.is_set)
    assert refused.value.code == "backup_cancelled"
    assert_nothing_is_left(studio)


def test_what_cannot_be_recorded_is_not_left_lying_about(studio: Studio) -> None:
    make_it_large(studio.books.database)
    revoke = in_the_dump(
        lambda: run_as_admin(studio, "REVOKE INSERT ON full_backups FROM studio_jobs")
    )
    with pytest.raises(RuleError, match="not allowed"):
        studio.back_up(on_progress=revoke)
    assert_nothing_is_left(studio)


def test_a_second_one_at_the_same_moment_is_refused(studio: Studio) -> None:
    make_it_large(studio.books.database)
    refusals: list[StudioError] = []

    def second() -> None:
        with pytest.raises(AlreadyRunningError) as refused:
            studio.back_up()
        refusals.append(refused.value)

    studio.back_up(on_progress=in_the_dump(second))
    assert [refusal.code for refusal in refusals] == ["full_backup_running"]
    assert studio.books.value("SELECT count(*) FROM full_backups") == 1


@pytest.mark.parametrize("group", ["studio_owner", "studio_reception"])
def test_a_login_without_the_right_is_told_so(studio: Studio, group: str) -> None:
    with signed_in(studio, group) as person, pytest.raises(ConfigError) as refused:
        create_full_backup(person, directory=studio.folder)
    assert refused.value.code == "full_backup_not_allowed"
    assert str(person.url.username) in str(refused.value)
    assert not studio.folder.exists()


@pytest.mark.parametrize(
    "question", ["SELECT * FROM studio.backup_logins()", "SELECT * FROM client_health_answers"]
)
def test_the_jobs_have_the_rights_of_a_backup_only_while_they_are_that_role(
    studio: Studio, question: str
) -> None:
    with pytest.raises(RuleError, match="not allowed"), studio.jobs.transaction() as session:
        session.execute(text(question))
    with studio.jobs.transaction() as session:
        session.execute(text("SET LOCAL ROLE studio_backup"))
        session.execute(text(question))
    for group in ("studio_owner", "studio_artist"):
        with (
            signed_in(studio, group) as person,
            pytest.raises(RuleError, match="not allowed"),
            person.transaction() as session,
        ):
            session.execute(text("SET LOCAL ROLE studio_backup"))


def test_a_table_that_the_backup_may_not_read_is_named(studio: Studio) -> None:
    """Of somebody who keeps things of their own in the studio's database."""
    run_as_admin(studio, 'CREATE SCHEMA theirs; CREATE TABLE theirs."half 100% {done}" ()')
    with pytest.raises(StudioError) as refused:
        studio.back_up()
    assert refused.value.code == "table_not_readable"
    assert 'theirs."half 100% {done}"' in str(refused.value)
    assert_nothing_is_left(studio)


# Makes a backup and waits in the middle of it to be killed.
_KILLED = """
import sys
from pathlib import Path
from studio_core.backups.create import create_full_backup
from studio_core.db.engine import Database

def tell(progress):
    if progress.stage == "dump":
        print("dump", flush=True)
        sys.stdin.read()

url = sys.stdin.readline().strip()
create_full_backup(
    Database(url, application_name="killed"), directory=Path(sys.argv[1]), on_progress=tell
)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_backup_is_no_backup_and_its_half_goes_with_the_next(studio: Studio) -> None:
    make_it_large(studio.books.database)
    killed = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(studio.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=make.ROOT,
    )
    assert killed.stdin is not None
    assert killed.stdout is not None
    killed.stdin.write(studio.jobs.url.render_as_string(hide_password=False) + "\n")
    killed.stdin.flush()
    assert killed.stdout.readline() == "dump\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    wait_until_its_backends_are_gone(studio)
    (half,) = studio.folder.iterdir()
    assert half.name.endswith(".full.zip.partial")
    assert studio.books.value("SELECT count(*) FROM full_backups") == 0
    row = studio.back_up()
    assert list(studio.folder.iterdir()) == [studio.path(row)]


def wait_until_its_backends_are_gone(studio: Studio) -> None:
    """pg_dump ends with the pipe that nobody reads any more, and the server notices."""
    pause = threading.Event()
    for _ in range(2000):
        if not studio.books.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND (application_name LIKE 'killed%' OR application_name = 'studio full backup')"
        ):
            return
        pause.wait(0.01)
    raise AssertionError("the killed program's connections are still open")


def assert_nothing_is_left(studio: Studio) -> None:
    assert not studio.folder.exists() or list(studio.folder.iterdir()) == []
    assert studio.books.value("SELECT count(*) FROM full_backups") == 0
