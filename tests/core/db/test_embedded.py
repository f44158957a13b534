"""The server on this computer: started, shared, crashed and refused."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from studio_core.db.embedded import EmbeddedServer, find_binaries
from studio_core.db.embedded.binaries import BINARIES_VARIABLE
from studio_core.db.embedded.leases import FileLock
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError, UnavailableError

SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")

# Another program that uses the server: says its address, then waits to be told to end.
_PROGRAM = """
import sys
from studio_core.db.embedded import EmbeddedServer
server = EmbeddedServer(sys.argv[1], profile="fast")
print(server.start().port, flush=True)
sys.stdin.readline()
server.stop()
"""


@pytest.fixture
def folder(run_root: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder of this test's own, whose server is stopped in the end."""
    path = run_root / f"own-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    yield path
    EmbeddedServer(path).stop()


@pytest.fixture
def program(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another program that has started the server of the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as started:
        yield started
        started.kill()


def _port(program: "subprocess.Popen[str]") -> int:
    assert program.stdout is not None
    return int(program.stdout.readline())


def _ask(url: URL, question: str = "SELECT 1") -> object:
    with Database(url, application_name="tests") as database, database.transaction() as session:
        return session.scalar(text(question))


def _kill(server: EmbeddedServer) -> int:
    """kill -9 of the postmaster, as a crash would; its number."""
    killed = server.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    while server.process_id is not None:
        time.sleep(0.01)
    return killed


def test_server_starts_stops_and_keeps_its_data_and_password(folder: Path) -> None:
    server = EmbeddedServer(folder, profile="fast")
    first = server.start()
    _ask(first, "CREATE TABLE kept AS SELECT 42 AS n; SELECT n FROM kept")
    server.stop()
    assert server.process_id is None
    with pytest.raises(UnavailableError):
        _ask(first)
    with EmbeddedServer(folder, profile="fast") as again:
        assert again.url == first
        assert _ask(again.url, "SELECT n FROM kept") == 42


def test_server_asks_for_a_password_and_listens_on_loopback_only(server: EmbeddedServer) -> None:
    assert server.url.username == "admin"
    assert len(server.url.password or "") >= 24
    with pytest.raises(RuleError):
        _ask(server.url.set(password="admin"))
    assert _ask(server.url, "SHOW listen_addresses") == "127.0.0.1"
    assert _ask(server.url, "SHOW unix_socket_directories") == ""
    hashes = "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'admin'"
    assert _ask(server.url, hashes) is True


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_password_file_is_for_its_owner_only(server: EmbeddedServer) -> None:
    assert (server.data_dir / "admin-password").stat().st_mode & 0o777 == 0o600


def test_texts_are_utf8_in_code_point_order_with_letters_of_unicode(
    server: EmbeddedServer,
) -> None:
    assert _ask(server.url, "SHOW server_encoding") == "UTF8"
    assert _ask(server.url, "SELECT 'a' > 'Z'") is True
    assert _ask(server.url, "SELECT lower('ÇÉ')") == "çé"


def test_only_the_tests_profile_gives_up_durability(
    server: EmbeddedServer, durable_server: EmbeddedServer
) -> None:
    assert _ask(server.url, "SHOW fsync") == "off"
    durable = durable_server.start()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert _ask(durable, f"SHOW {setting}") == "on"


def test_create_database_makes_it_once(folder: Path) -> None:
    with EmbeddedServer(folder, profile="fast") as server:
        url = server.create_database('studio "one"')
        assert _ask(url, "SELECT current_database()") == 'studio "one"'
        assert server.create_database('studio "one"') == url


def test_two_programs_share_one_server_and_the_last_one_stops_it(
    folder: Path, program: "subprocess.Popen[str]"
) -> None:
    port = _port(program)
    second = EmbeddedServer(folder, profile="fast")
    assert second.start().port == port
    second.stop()
    assert _ask(second.url) == 1
    second.start()
    program.communicate("end\n", timeout=60)
    assert _ask(second.url) == 1
    second.stop()
    assert second.process_id is None


def test_a_crashed_program_neither_keeps_nor_stops_the_server(
    folder: Path, program: "subprocess.Popen[str]"
) -> None:
    _port(program)
    survivor = EmbeddedServer(folder, profile="fast")
    survivor.start()
    program.kill()
    program.wait()
    assert _ask(survivor.url) == 1
    survivor.stop()
    assert survivor.process_id is None


def test_server_of_a_program_that_crashed_alone_is_taken_over(
    folder: Path, program: "subprocess.Popen[str]"
) -> None:
    port = _port(program)
    program.kill()
    program.wait()
    heir = EmbeddedServer(folder, profile="fast")
    before = heir.process_id
    assert before is not None
    assert heir.start().port == port
    assert heir.process_id == before
    heir.stop()
    assert heir.process_id is None


def test_committed_rows_outlive_a_kill_and_the_address_stays(
    durable_server: EmbeddedServer,
) -> None:
    url = durable_server.start()
    _ask(url, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS n; SELECT n FROM kept")
    killed = _kill(durable_server)
    assert durable_server.start() == url
    assert durable_server.process_id != killed
    assert _ask(url, "SELECT n FROM kept") == 7


def test_server_killed_under_two_programs_comes_back_for_both(
    folder: Path, program: "subprocess.Popen[str]"
) -> None:
    port = _port(program)
    ours = EmbeddedServer(folder, profile="fast")
    ours.start()
    killed = ours.process_id
    assert killed is not None
    # Its parent, the other program, never collects it: the dead one keeps its number.
    os.kill(killed, signal.SIGKILL)
    assert ours.start().port == port
    assert ours.process_id not in {None, killed}
    program.communicate("end\n", timeout=60)
    assert _ask(ours.url) == 1
    ours.stop()


def test_number_of_another_program_in_the_pid_file_does_not_block(folder: Path) -> None:
    server = EmbeddedServer(folder, profile="fast")
    server.start()
    pid_file = folder / "cluster" / "postmaster.pid"
    left_behind = pid_file.read_text().split("\n")
    _kill(server)
    # As after a power cut: the number now belongs to a program of the same user.
    pid_file.write_text("\n".join([str(os.getpid()), *left_behind[1:]]))
    assert server.process_id is None
    server.start()
    assert _ask(server.url) == 1
    server.stop()


def test_a_port_taken_meanwhile_is_replaced(folder: Path) -> None:
    import socket

    server = EmbeddedServer(folder, profile="fast")
    before = server.start().port
    server.stop()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", before or 0))
        squatter.listen()
        after = server.start()
        assert after.port != before
        assert _ask(after) == 1
    server.stop()


def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    (folder / "cluster.new").mkdir(parents=True)
    (folder / "cluster.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(folder, profile="fast") as server:
        assert _ask(server.url) == 1


def test_data_of_another_major_version_are_refused_untouched(folder: Path) -> None:
    cluster = folder / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(ConfigError) as refusal:
        EmbeddedServer(folder).start()
    assert refusal.value.code == "server_other_version"
    assert "PostgreSQL 12" in str(refusal.value)
    assert str(cluster) in str(refusal.value)
    assert sorted(path.name for path in folder.rglob("*")) == ["PG_VERSION", "cluster"]


@pytest.mark.skipif(not SYSTEM_15.is_dir(), reason="needs the system's PostgreSQL 15")
def test_a_real_cluster_of_15_is_refused_by_a_newer_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_binaries().major == 15:
        pytest.skip("15 is the server under test")
    with monkeypatch.context() as old:
        old.setenv(BINARIES_VARIABLE, str(SYSTEM_15))
        with EmbeddedServer(folder, profile="fast") as made:
            assert str(_ask(made.url, "SHOW server_version")).startswith("15.")
    with pytest.raises(ConfigError) as refusal:
        EmbeddedServer(folder).start()
    assert refusal.value.params["found"] == 15


def test_a_folder_of_something_else_is_refused(folder: Path) -> None:
    (folder / "cluster").mkdir(parents=True)
    (folder / "cluster" / "holiday.txt").write_text("photos")
    with pytest.raises(ConfigError) as refusal:
        EmbeddedServer(folder).start()
    assert refusal.value.code == "server_folder_foreign"


def test_a_lost_password_is_said_so(folder: Path) -> None:
    server = EmbeddedServer(folder, profile="fast")
    server.start()
    server.stop()
    (folder / "admin-password").unlink()
    with pytest.raises(ConfigError) as refusal:
        server.start()
    assert refusal.value.code == "server_password_missing"


@pytest.mark.parametrize(("content", "code"), [(None, "postgres_bin_wrong")])
def test_a_named_folder_without_a_server_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: None, code: str
) -> None:
    monkeypatch.setenv(BINARIES_VARIABLE, str(tmp_path))
    with pytest.raises(ConfigError) as refusal:
        find_binaries()
    assert refusal.value.code == code


def test_a_server_that_cannot_start_says_its_last_words(folder: Path) -> None:
    server = EmbeddedServer(folder, profile="fast")
    server.start()
    server.stop()
    with (folder / "cluster" / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(UnavailableError) as refusal:
        server.start()
    assert refusal.value.code == "server_not_started"
    assert "configuration file" in str(refusal.value)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can give up its rights"
)
class TestAsRoot:
    def test_the_server_runs_without_rights(self, server: EmbeddedServer) -> None:
        assert server.process_id is not None
        status = Path(f"/proc/{server.process_id}/status").read_text()
        uids = next(line for line in status.splitlines() if line.startswith("Uid:"))
        assert "0" not in uids.split()[1:]

    def test_private_folders_keep_their_mode(self, run_root: Path) -> None:
        private = run_root / f"private-{os.getpid()}"
        private.mkdir(mode=0o700)
        with EmbeddedServer(private / "data", profile="fast") as server:
            assert _ask(server.url) == 1
        assert private.stat().st_mode & 0o777 == 0o700
        # Once the way is free the same data run under the ordinary account.
        private.chmod(0o711)
        with EmbeddedServer(private / "data", profile="fast") as server:
            assert _ask(server.url) == 1

    def test_a_private_folder_without_a_way_around_is_named(
        self, run_root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        private = run_root / f"closed-{os.getpid()}"
        private.mkdir(mode=0o700)
        monkeypatch.setattr("studio_core.db.embedded.account.shutil.which", lambda _name: None)
        with pytest.raises(ConfigError) as refusal:
            EmbeddedServer(private / "data", profile="fast").start()
        assert refusal.value.code == "server_folder_private"
        assert f"chmod o+x {private}" in str(refusal.value)


def test_a_lock_is_exclusive_and_free_after_release(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock", timeout_s=0.05)
    with first:
        assert not second.try_acquire()
        with pytest.raises(UnavailableError) as refusal, second:
            pass
    assert refusal.value.code == "server_lock_busy"
    assert second.try_acquire()
    second.release()
