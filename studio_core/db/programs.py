"""Running pg_dump and pg_restore: connected as we are, fed and read in pieces, ended with us.

Passwords travel in the child's environment alone; what a command line says, everybody may read.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from psycopg2.extensions import make_dsn
from sqlalchemy import URL

from studio_core.db.address import connect_arguments
from studio_core.db.embedded.binaries import Binaries
from studio_core.db.embedded.processes import NO_WINDOW
from studio_core.db.engine import KEPT_ALIVE
from studio_core.errors import StudioError, UnavailableError

_PIECE = 256 * 1024
_NO_ROOM = "No space left on device"
_STRONG_TLS = {"require", "verify-ca", "verify-full"}
# A password, or what only matters while a server is being chosen, which it is already.
_LEFT_OUT = {"password", "sslpassword", "load_balance_hosts", "target_session_attrs"}


def needs_tls(url: URL) -> bool:
    """Whether a program must speak TLS to come in by this address."""
    return url.query.get("sslmode") in _STRONG_TLS


def read_from(
    binaries: Binaries,
    program: str,
    options: Sequence[str],
    url: URL,
    take: Callable[[bytes], object],
) -> None:
    """Hands over what a program writes, as it comes. Raises StudioError("program_failed")."""
    with _running(binaries, program, options, url, reads=True) as process:
        assert process.stdout is not None
        while piece := process.stdout.read(_PIECE):
            take(piece)


def write_to(
    binaries: Binaries,
    program: str,
    options: Sequence[str],
    url: URL,
    pieces: Iterable[bytes],
) -> None:
    """Feeds a program. Raises StudioError("program_failed")."""
    with _running(binaries, program, options, url, reads=False) as process:
        assert process.stdin is not None
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # It ended before its input did; its exit code says whether well.


@contextmanager
def _running(
    binaries: Binaries, program: str, options: Sequence[str], url: URL, *, reads: bool
) -> Iterator["subprocess.Popen[bytes]"]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [binaries.program(program), "--no-password", *options, f"--dbname={_address(url)}"],
            stdin=subprocess.DEVNULL if reads else subprocess.PIPE,
            stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
            stderr=said,
            env=_environment(url),
            creationflags=NO_WINDOW,
            # Ctrl+C at our terminal is for us, who end it in good order.
            start_new_session=True,
        )
        try:
            yield process
            code = process.wait()
        finally:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                _close(pipe)
            process.wait()
        if code != 0:
            raise _failure(program, said, code)


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        pass  # What was left in it has nobody to read it.


def _address(url: URL) -> str:
    told = {**KEPT_ALIVE, **connect_arguments(url)}
    kept = {name: value for name, value in told.items() if name not in _LEFT_OUT}
    return str(make_dsn(**kept))


def _environment(url: URL) -> dict[str, str]:
    environment = {**os.environ, "LC_ALL": "C"}
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    if getattr(sys, "frozen", False):
        # A bundled program's own libraries are not those that PostgreSQL was built with.
        environment.pop("LD_LIBRARY_PATH", None)
    return environment


def _failure(program: str, said: IO[bytes], code: int) -> StudioError:
    """The first error in one line. A refused row is named by its table alone: its values are
    nobody's business."""
    said.seek(0)
    text = said.read().decode("utf-8", errors="replace")
    if _NO_ROOM in text:
        return UnavailableError("database_disk_full")
    found = re.search(r"^pg_\w+: (?:error|fatal): (?P<what>.*)$", text, re.MULTILINE)
    if found is None:
        return StudioError("program_failed", program=program, reason=f"exit code {code}")
    reason = re.sub(r'^(COPY failed for table "[^"]*").*', r"\1", found["what"])
    return StudioError("program_failed", program=program, reason=reason.rstrip("."))
