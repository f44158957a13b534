"""The files of one embedded server: made once, checked before every start."""

import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Literal

from studio_core.db.embedded.account import Account, environment
from studio_core.db.embedded.binaries import Binaries
from studio_core.errors import ConfigError, UnavailableError

SUPERUSER = "admin"
Profile = Literal["durable", "fast"]

_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "logging_collector": "off",
}
# For what is thrown away: a crash of the computer would lose data, and nobody tidies up.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class Cluster:
    """Paths of a data folder. cluster/ is PostgreSQL's own; what stands beside it is ours."""

    def __init__(self, data_dir: Path, profile: Profile) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "cluster"
        self.password_file = data_dir / "admin-password"
        self.port_file = data_dir / "port"
        self.log_file = data_dir / "server.log"
        self._profile = profile

    def password(self) -> str:
        try:
            return self.password_file.read_text("ascii").strip()
        except FileNotFoundError:
            raise ConfigError("server_password_missing", path=self.password_file) from None

    def port(self) -> int:
        return int(self.port_file.read_text("ascii"))

    def major(self) -> int | None:
        """Of the PostgreSQL that made the files; None where there are none yet.

        Raises ConfigError("server_folder_foreign").
        """
        if not self.folder.exists():
            return None
        try:
            return int((self.folder / "PG_VERSION").read_text("ascii"))
        except (FileNotFoundError, ValueError):
            raise ConfigError("server_folder_foreign", folder=self.folder) from None

    def check(self, binaries: Binaries) -> None:
        """Raises ConfigError when this program cannot use the data; looks only."""
        found = self.major()
        if found is None:
            return
        if found != binaries.major:
            raise ConfigError(
                "server_other_version", folder=self.folder, found=found, expected=binaries.major
            )
        self.password()

    def create(self, binaries: Binaries, account: Account) -> None:
        """Makes the cluster unless it exists; made aside and renamed, so never by halves."""
        if self.folder.exists():
            return
        password = secrets.token_urlsafe(24)
        _write_private(self.password_file, password)
        unfinished = self.data_dir / "cluster.new"
        given = self.data_dir / "cluster.password"
        _write_private(given, password)
        account.own(given)
        try:
            for locale in _locales(binaries.major):
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir(mode=0o700)
                account.own(unfinished)
                done = self._initdb(binaries, account, unfinished, given, locale)
                if done.returncode == 0:
                    break
            else:
                raise UnavailableError("server_not_created", reason=_last_line(done.stderr))
        finally:
            given.unlink(missing_ok=True)
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude 'studio.conf'\n")
        unfinished.rename(self.folder)

    def prepare(self, account: Account) -> None:
        """Owner, port and settings for the next start of the server."""
        account.own(self.folder)
        if not self.port_file.exists() or not _is_free(self.port()):
            self.port_file.write_text(str(_free_port()), "ascii")
        settings = {**_SETTINGS, "port": str(self.port())}
        if self._profile == "fast":
            settings |= _FAST
        conf = self.folder / "studio.conf"
        conf.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()), "utf-8")
        if os.name != "nt":
            conf.chmod(0o644)

    def last_words(self) -> str:
        try:
            return _last_line(self.log_file.read_text("utf-8", errors="replace"))
        except FileNotFoundError:
            return ""

    def _initdb(
        self,
        binaries: Binaries,
        account: Account,
        folder: Path,
        password_file: Path,
        locale: tuple[str, ...],
    ) -> subprocess.CompletedProcess[str]:
        command = [
            *account.prefix,
            binaries.program("initdb"),
            *("-D", str(folder), "-U", SUPERUSER, "-E", "UTF8", "-A", "scram-sha-256"),
            *("--pwfile", str(password_file), *locale),
        ]
        if self._profile == "fast":
            command.append("--no-sync")
        return subprocess.run(
            command,
            env=environment(),
            cwd=folder.anchor,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **account.options,
        )


def _locales(major: int) -> tuple[tuple[str, ...], ...]:
    """Code point order on every system; letters of Unicode where the server brings them."""
    if major >= 17:
        return (("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),)
    return (("--locale=C", "--lc-ctype=C.UTF-8"), ("--locale=C",))


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
