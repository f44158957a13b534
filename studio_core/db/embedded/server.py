"""The supervisor: starts one PostgreSQL for a data folder, shares it, stops it with the last."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import quote_ident
from sqlalchemy import URL

from studio_core.db.address import DRIVER
from studio_core.db.embedded.account import Account, account_for, environment
from studio_core.db.embedded.binaries import ServerBinaries, find_binaries
from studio_core.db.embedded.cluster import SUPERUSER, Cluster, Profile
from studio_core.db.embedded.leases import FileLock, Leases
from studio_core.db.engine import raw_connection
from studio_core.errors import StudioError, UnavailableError

_POLL_S = 0.03
_START_S = 120.0  # Replaying the log after a crash may take its time.
_STALE_S = 5.0  # After a kill, children and shared memory of the old server linger.
_STOP_S = 60.0


class EmbeddedServer:
    """One server for one data folder, shared by every program that names the same folder.

    profile: "fast" gives up durability and is for tests.
    Not for several threads at once; two objects, in one process or in two, are fine.
    """

    def __init__(self, data_dir: Path | str, *, profile: Profile = "durable") -> None:
        self.data_dir = Path(data_dir).absolute()
        self._cluster = Cluster(self.data_dir, profile)
        self._lock = FileLock(self.data_dir / "server.lock", timeout_s=_START_S)
        self._leases = Leases(self.data_dir / "leases")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> URL:
        """Starts the server, or joins the running one; the address of the superuser.

        May be called again, after the server died under its program: the address stays the same
        unless somebody else took the port meanwhile. Made at the first start.
        Raises ConfigError before anything is touched: another major version, private folders.
        """
        binaries = find_binaries()
        self._cluster.check_version(binaries)
        private = sys.platform == "win32" or os.geteuid() != 0
        self.data_dir.mkdir(mode=0o700 if private else 0o711, parents=True, exist_ok=True)
        with self._lock:
            if not self._answers():
                account = account_for(self.data_dir, binaries.folder)
                self._cluster.create(binaries, account)
                self._bring_up(binaries, account)
            self._leases.take()
        return self.url

    def stop(self) -> None:
        """Gives the server back; the last one to do so stops it."""
        if not self.data_dir.is_dir():
            return
        with self._lock:
            self._leases.give_back()
            if not self._leases.anyone():
                self._shut_down()

    @property
    def url(self) -> URL:
        """The superuser's address of the maintenance database."""
        cluster = self._cluster
        return URL.create(
            DRIVER, SUPERUSER, cluster.password, "127.0.0.1", cluster.port, "postgres"
        )

    @property
    def process_id(self) -> int | None:
        """The postmaster's process number; None when no server is running."""
        try:
            first = (self._cluster.folder / "postmaster.pid").read_text("ascii").split("\n")[0]
            process_id = int(first)
        except (FileNotFoundError, ValueError):
            return None
        return process_id if self._lives(process_id) else None

    def create_database(self, name: str) -> URL:
        """The superuser's address of a database, made when it does not exist yet."""
        connection = self._connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
                if cursor.fetchone() is None:
                    quoted = quote_ident(name, cursor)
                    cursor.execute(f"CREATE DATABASE {quoted}")
        finally:
            connection.close()
        return self.url.set(database=name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _connect(self) -> RawConnection:
        return raw_connection(self.url, application_name="studio-supervisor")

    def _answers(self) -> bool:
        """Whether the server of this folder runs; waits for one that is starting."""
        give_up = time.monotonic() + _STALE_S
        while self.process_id is not None:
            with contextlib.suppress(StudioError):
                self._connect().close()
                return True
            if time.monotonic() > give_up:
                return False
            time.sleep(_POLL_S)
        return False

    def _bring_up(self, binaries: ServerBinaries, account: Account) -> None:
        give_up = time.monotonic() + _STALE_S
        while True:
            self._remove_zombies_file()
            self._cluster.prepare(account)
            self._launch(binaries, account)
            if self._wait_until_ready():
                return
            if time.monotonic() > give_up:
                raise UnavailableError("server_not_started", reason=self._cluster.last_words())
            time.sleep(0.1)

    def _launch(self, binaries: ServerBinaries, account: Account) -> None:
        folder = str(self._cluster.folder)
        log_file = self._cluster.log_file
        if log_file.exists():
            log_file.replace(log_file.with_suffix(".log.1"))
        if sys.platform == "win32":
            # pg_ctl also gives up an administrator's rights, which postgres refuses to run with.
            command = [binaries.program("pg_ctl"), "start", "-W", "-D", folder]
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            command += ["-l", str(log_file)]
            subprocess.run(command, env=environment(), creationflags=flags, check=False)
            return
        with log_file.open("wb") as log:
            # A session of its own: Ctrl+C at our terminal must not reach a shared server.
            self._process = subprocess.Popen(
                [*account.prefix, binaries.program("postgres"), "-D", folder],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(),
                cwd="/",
                start_new_session=True,
                **account.options,
            )

    def _wait_until_ready(self) -> bool:
        """False when the server ended instead."""
        give_up = time.monotonic() + _START_S
        while time.monotonic() < give_up:
            with contextlib.suppress(StudioError):
                self._connect().close()
                return True
            if self._process is not None and self._process.poll() is not None:
                return False
            time.sleep(_POLL_S)
        return False

    def _shut_down(self) -> None:
        """A fast shutdown: sessions are ended, everything committed is kept."""
        process_id = self.process_id
        if process_id is None:
            return
        if sys.platform == "win32":
            command = [find_binaries().program("pg_ctl"), "stop", "-m", "fast"]
            subprocess.run([*command, "-D", str(self._cluster.folder)], check=False)
            return
        os.kill(process_id, signal.SIGINT)
        give_up = time.monotonic() + _STOP_S
        while self._lives(process_id):
            if time.monotonic() > give_up:
                raise UnavailableError("server_not_stopped", reason=self._cluster.last_words())
            time.sleep(_POLL_S)

    def _lives(self, process_id: int) -> bool:
        if self._process is not None and self._process.pid == process_id:
            return self._process.poll() is None
        return _runs(process_id)

    def _remove_zombies_file(self) -> None:
        """A killed server whose parent never collects it would look alive to its successor."""
        file = self._cluster.folder / "postmaster.pid"
        if file.exists() and self.process_id is None:
            file.unlink(missing_ok=True)


def _runs(process_id: int) -> bool:
    """Whether the process is more than a remembered exit code."""
    if sys.platform == "win32":
        listed = subprocess.run(
            ["tasklist", "/FI", f"PID eq {process_id}", "/NH"],
            capture_output=True,
            text=True,
            check=False,
        )
        return str(process_id) in listed.stdout
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return sys.platform != "linux"
    return state not in {"Z", "X"}
