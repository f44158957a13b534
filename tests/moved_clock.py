"""The computer's clock as other processes see it, moved while they run: by Debian's `faketime`."""

import shlex
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from studio_core.db.embedded import find_binaries

_PLACES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1")


@dataclass(frozen=True)
class MovedClock:
    """environment: what makes a process go by it."""

    environment: dict[str, str]
    _file: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "MovedClock":
        """At the true time, at first. Skips the test where the computer has no faketime."""
        found = [library for place in _PLACES for library in Path("/").glob(place[1:])]
        if not found:
            pytest.skip("no faketime here (Debian: apt-get install faketime)")
        made = cls(
            {
                "LD_PRELOAD": str(found[0]),
                "FAKETIME_TIMESTAMP_FILE": str(folder / "moved-clock"),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DISABLE_SHM": "1",
                # Setting a clock leaves alone the one that waiting is measured by.
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
            },
            folder / "moved-clock",
        )
        made.move(timedelta())
        return made

    def move(self, by: timedelta) -> None:
        """Away from the true time; at once, for all who go by it."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{int(by.total_seconds()):+d}\n", "ascii")
        new.chmod(0o644)
        new.replace(self._file)

    def server_binaries(self, folder: Path) -> Path:
        """A bin folder of a PostgreSQL server that goes by this clock."""
        real = find_binaries().folder
        folder.mkdir(mode=0o755)
        for program in real.iterdir():
            if program.name != "postgres":
                (folder / program.name).symlink_to(program)
        set_up = " ".join(
            f"{name}={shlex.quote(value)}" for name, value in self.environment.items()
        )
        server = folder / "postgres"
        server.write_text(
            f'#!/bin/sh\nexec env {set_up} {shlex.quote(str(real / "postgres"))} "$@"\n'
        )
        server.chmod(0o755)
        return folder
