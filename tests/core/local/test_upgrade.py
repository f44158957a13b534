"""This computer's studio from PostgreSQL 15 to the one the program brings, really."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

import make
from studio_core.db.embedded import EmbeddedServer, find_binaries
from studio_core.db.embedded.binaries import BINARIES_VARIABLE, Binaries, find_server
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import ConfigError, StudioError, UnavailableError
from studio_core.local.studio import DATABASE, open_local
from studio_core.people.actions import set_up_owner
from studio_core.people.logins import login_role
from tests.books import Books, Reader

OLD = Path("/usr/lib/postgresql/15/bin")
EMAIL, PASSWORD = "olga@example.com", "Tinta-preta-2025"

pytestmark = pytest.mark.skipif(not OLD.is_dir(), reason="needs the system's PostgreSQL 15")


@pytest.fixture(autouse=True)
def the_programs_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever server the other tests run on."""
    monkeypatch.delenv(BINARIES_VARIABLE, raising=False)
    if find_binaries().major == 15:
        pytest.skip("the program brings no newer one here")


@pytest.fixture
def folder(run_root: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = run_root / f"upgraded-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    yield path
    for left in (path, path / "upgrade"):
        EmbeddedServer(left).stop()


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def made_by_15(folder: Path) -> dict[str, str | None]:
    """A studio of PostgreSQL 15 with an owner and entries; every row of it."""
    with EmbeddedServer(folder, profile="fast", binaries=Binaries(OLD, 15)) as server:
        url = server.create_database(DATABASE)
        migrate(url)
        with Database(url, application_name="tests") as database:
            books = Books(database)
            with database.transaction() as session:
                set_up_owner(session, name="Olga", email=EMAIL, password=PASSWORD)
            books.fill(40)
            return books.kept_by_a_backup()


def signs_in(url: URL) -> bool:
    person = url.set(username=login_role(DATABASE, EMAIL), password=PASSWORD)
    with Database(person, application_name="tests") as database, database.transaction() as session:
        return bool(session.scalar(text("SELECT count(*) = 40 FROM payments")))


def test_from_15_to_the_programs_own_with_every_row_and_password(
    folder: Path, backups: Path
) -> None:
    before = made_by_15(folder)
    password = (folder / "admin-password").read_text()
    stages: list[str] = []
    local = open_local(
        folder, backup_dir=backups, on_stage=lambda stage, _done, _total: stages.append(stage)
    )
    try:
        with Database(local.url, application_name="tests") as database:
            reader = Reader(database)
            assert reader.value("SHOW server_version_num") >= "180000"
            assert reader.kept_by_a_backup() == before
            assert reader.value("SELECT count(*) FROM full_backups") == 1
        assert signs_in(local.url)
        assert local.url.password == password
    finally:
        local.close()
    assert {"upgrade_backup", "upgrade_restore"} == set(stages)
    assert len(list(backups.iterdir())) == 1
    assert (folder / "cluster-15" / "PG_VERSION").read_text().strip() == "15"
    assert not (folder / "upgrade").exists()
    # The next start finds nothing to do, and the old folder still opens with the old server.
    open_local(folder, backup_dir=backups).close()
    assert len(list(backups.iterdir())) == 1


# A studio of a program that made no such backups; its tables may be any revision's.
_WITHOUT_WHAT_A_BACKUP_NEEDS = """
    DROP FUNCTION studio.backup_logins();
    REVOKE ALL ON ALL TABLES IN SCHEMA public, archive FROM studio_backup;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, archive FROM studio_backup;
    REVOKE SELECT ON pg_authid FROM studio_roles;
    ALTER ROLE studio_backup NOBYPASSRLS;
    ALTER ROLE studio_jobs INHERIT;
    REVOKE studio_backup FROM studio_jobs;
"""


def test_a_studio_of_an_older_program_moves_and_can_still_go_back(
    folder: Path, backups: Path
) -> None:
    made_by_15(folder)
    old = Binaries(OLD, 15)
    with EmbeddedServer(folder, profile="fast", binaries=old) as server:
        url = server.url.set(database=DATABASE)
        with Database(url, application_name="tests") as database, database.transaction() as session:
            session.execute(text(_WITHOUT_WHAT_A_BACKUP_NEEDS))
    open_local(folder, backup_dir=backups).close()
    (folder / "cluster").rename(folder / "cluster-new")
    (folder / "cluster-15").rename(folder / "cluster")
    with EmbeddedServer(folder, profile="fast", binaries=old) as server:
        assert signs_in(server.url.set(database=DATABASE))


def test_without_the_old_programs_the_sentence_stands_and_nothing_is_touched(
    folder: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_15(folder)

    def none_here(major: int) -> Binaries:
        raise ConfigError("server_of_major_missing", major=major, variable="X")

    monkeypatch.setattr("studio_core.local.upgrade.find_server", none_here)
    with pytest.raises(ConfigError) as refused:
        open_local(folder, backup_dir=backups)
    assert refused.value.code == "server_other_version"
    assert not backups.exists()


def test_what_fails_in_between_leaves_the_studio_as_it_was(folder: Path, backups: Path) -> None:
    before = made_by_15(folder)
    backups.write_text("a file stands here")
    with pytest.raises(StudioError) as refused:
        open_local(folder, backup_dir=backups)
    assert refused.value.code == "cannot_write"
    assert not (folder / "upgrade").exists()
    with (
        EmbeddedServer(folder, profile="fast", binaries=Binaries(OLD, 15)) as old,
        Database(old.url.set(database=DATABASE), application_name="tests") as database,
    ):
        assert Reader(database).kept_by_a_backup() == before
    backups.unlink()
    open_local(folder, backup_dir=backups).close()


def test_a_studio_that_somebody_else_has_open_is_not_moved(folder: Path, backups: Path) -> None:
    made_by_15(folder)
    with EmbeddedServer(folder, binaries=find_server(15)) as in_use:
        with pytest.raises(UnavailableError) as refused:
            open_local(folder, backup_dir=backups)
        assert refused.value.code == "server_in_use"
        assert in_use.process_id is not None


def test_before_anything_was_set_up_there_is_only_a_new_cluster(
    folder: Path, backups: Path
) -> None:
    with EmbeddedServer(folder, binaries=find_server(15)):
        pass
    open_local(folder, backup_dir=backups).close()
    assert not backups.exists()


# Moves the studio and waits at a certain place to be killed.
_KILLED = """
import sys
from pathlib import Path
from studio_core.local import upgrade, studio

folder, backups, place = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def wait():
    print("there", flush=True)
    sys.stdin.read()

def on_stage(stage, done, total):
    if stage == place:
        wait()

rename = Path.rename
def renamed(path, target):
    made = rename(path, target)
    if place == "swap" and path.name == "cluster" and Path(target).name.startswith("cluster-"):
        wait()
    return made

Path.rename = renamed
studio.open_local(folder, backup_dir=backups, on_stage=on_stage)
"""


@pytest.mark.parametrize(
    "place", [pytest.param("upgrade_backup", marks=pytest.mark.long), "upgrade_restore", "swap"]
)
def test_killed_at_any_place_it_is_finished_at_the_next_start(
    folder: Path, backups: Path, place: str
) -> None:
    made_by_15(folder)
    killed = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(folder), str(backups), place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=make.ROOT,
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "there\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    if place == "swap":
        assert not (folder / "cluster").exists()
    local = open_local(folder, backup_dir=backups)
    try:
        assert signs_in(local.url)
    finally:
        local.close()
    assert not (folder / "upgrade").exists()
    shutil.rmtree(folder / "cluster-15")
