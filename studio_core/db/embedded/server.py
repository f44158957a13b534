"""The supervisor: starts one PostgreSQL for a data folder, shares it, stops it with the last."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import quote_ident
from sqlalchemy import URL

from studio_core.db.address import DRIVER
from studio_core.db.embedded.account import Account, account_for, environment
from studio_core.db.embedded.binaries import Binaries, find_binaries
from studio_core.db.embedded.cluster import SUPERUSER, Cluster, Profile
from studio_core.db.embedded.leases import FileLock, Leases
from studio_core.db.embedded.processes import process_state
from studio_core.db.engine import raw_connection
from studio_core.errors import UnavailableError

_POLL_S = 0.03
_START_S = 120.0  # Replaying the log after a crash may take its time.
_STALE_S = 5.0  # After a kill, children and shared memory of the old server linger.
_STOP_S = 60.0


class EmbeddedServer:
    """One server for one data folder, shared by every program that names the same folder.

    profile: "fast" gives up durability, for tests and for what is thrown away. binaries: of a
    certain version; by default those that find_binaries() prefers.
    Not for several threads at once; two objects, in one process or in two, are fine.
    """

    def __init__(
        self,
        data_dir: Path | str,
        *,
        profile: Profile = "durable",
        binaries: Binaries | None = None,
    ) -> None:
        self.data_dir = Path(data_dir).absolute()
        self._binaries = binaries
        self._cluster = Cluster(self.data_dir, profile)
        self._lock = FileLock(self.data_dir / "server.lock", timeout_s=_START_S)
        self._leases = Leases(self.data_dir / "leases")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> URL:
        """Starts the server, or joins the running one; the address of the superuser.

        May be called again, after the server died under its program: the address stays the same
        unless somebody else took the port meanwhile. Made at the first start.
        Raises ConfigError before anything is touched: another major version, a lost password,
        private folders. Raises UnavailableError when the server does not start.
        """
        binaries = self._binaries or find_binaries()
        self._cluster.check(binaries)
        self._make_folder()
        with self._alone():
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
        with self._alone():
            self._leases.give_back()
            if self._leases.anyone():
                self._let_go()
            else:
                self._shut_down()

    @contextmanager
    def kept_from_others(self) -> Iterator[Self]:
        """Nobody else starts, joins or stops the server meanwhile: they wait, then are told.

        Raises UnavailableError: server_lock_busy, or server_in_use where somebody has it already.
        """
        self._make_folder()
        with self._lock:
            if self._leases.anyone():
                raise UnavailableError("server_in_use", folder=self.data_dir)
            self._shut_down()  # Of a program that was killed.
            yield self

    @property
    def major(self) -> int | None:
        """Of the PostgreSQL that the data were made with; None before the first start."""
        return self._cluster.major()

    @property
    def url(self) -> URL:
        """The superuser's address of the maintenance database."""
        cluster = self._cluster
        return URL.create(
            DRIVER, SUPERUSER, cluster.password(), "127.0.0.1", cluster.port(), "postgres"
        )

    @property
    def process_id(self) -> int | None:
        """The postmaster's process number; None when no server is running."""
        number = _first_number(self._cluster.folder / "postmaster.pid")
        return number if number is not None and self._lives(number) else None

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

    def _make_folder(self) -> None:
        private = sys.platform == "win32" or os.geteuid() != 0
        self.data_dir.mkdir(mode=0o700 if private else 0o711, parents=True, exist_ok=True)

    def _alone(self) -> AbstractContextManager[object]:
        return contextlib.nullcontext() if self._lock.held else self._lock

    def _connect(self) -> RawConnection:
        return raw_connection(self.url, application_name="studio-supervisor")

    def _answers(self) -> bool:
        """Whether the server of this folder runs; waits for one that is starting.

        One that says so itself, since it recovers from a crash, gets all the time of a start.
        """
        began = time.monotonic()
        while self.process_id is not None:
            try:
                self._connect().close()
                return True
            except UnavailableError as error:
                patience_s = _START_S if error.code == "database_starting" else _STALE_S
            if time.monotonic() > began + patience_s:
                return False
            time.sleep(_POLL_S)
        return False

    def _bring_up(self, binaries: Binaries, account: Account) -> None:
        give_up = time.monotonic() + _STALE_S
        while True:
            self._remove_misleading_file()
            self._cluster.prepare(account)
            self._launch(binaries, account)
            if self._wait_until_ready():
                return
            if time.monotonic() > give_up:
                raise UnavailableError("server_not_started", reason=self._cluster.last_words())
            time.sleep(0.1)

    def _launch(self, binaries: Binaries, account: Account) -> None:
        folder = str(self._cluster.folder)
        log_file = self._cluster.log_file
        if log_file.exists():
            log_file.replace(log_file.with_suffix(".log.1"))
        if sys.platform == "win32":
            # pg_ctl also gives up an administrator's rights, which postgres refuses to run with.
            command = [binaries.program("pg_ctl"), "start", "-w", "-t", str(int(_START_S))]
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            subprocess.run(
                [*command, "-D", folder, "-l", str(log_file)],
                env=environment(),
                creationflags=flags,
                check=False,
            )
            return
        if self._process is not None:
            # It has removed its pid file, and may need a moment more to end.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STALE_S)
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
            with contextlib.suppress(UnavailableError):
                self._connect().close()
                return True
            if self._ended():
                return False
            time.sleep(_POLL_S)
        return False

    def _ended(self) -> bool:
        """Whether the server that was just launched is gone again."""
        if self._process is None:  # pg_ctl has waited already.
            return self.process_id is None
        return self._process.poll() is not None

    def _let_go(self) -> None:
        """Others keep the server; Popen would warn about a child that nobody waits for."""
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0
        self._process = None

    def _shut_down(self) -> None:
        """A fast shutdown: sessions are ended, everything committed is kept."""
        process_id = self.process_id
        if process_id is None:
            return
        if sys.platform == "win32":
            binaries = self._binaries or find_binaries()
            command = [binaries.program("pg_ctl"), "stop", "-m", "fast"]
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
        return process_state(process_id) == "server"

    def _remove_misleading_file(self) -> None:
        """Removes a postmaster.pid whose number is somebody else's, or a dead server's.

        PostgreSQL believes both to be a running server: after a crash of the computer the number
        may be any program's, and a killed server that its parent never collected keeps its own.
        """
        file = self._cluster.folder / "postmaster.pid"
        number = _first_number(file)
        if number is not None and process_state(number) == "other":
            file.unlink(missing_ok=True)


def _first_number(file: Path) -> int | None:
    try:
        return int(file.read_text("utf-8").partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
