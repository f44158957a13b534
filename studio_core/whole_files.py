"""Files that appear under their name only when they are whole.

They are written beside it and renamed. What fails takes its half file with it; what is killed
leaves one that nobody holds, and the next writer in that folder clears it away.
"""

import contextlib
import errno
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from studio_core.errors import StudioError

_PARTIAL = ".partial"
_A_DAY_S = 24 * 3600
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def whole_file(path: Path, *, kin: str) -> Iterator[BufferedRandom]:
    """A new file for its owner alone, to write and to read back. It replaces one of that name.

    kin: pattern of our own files' names in the folder, of which dead writers may have left some.
    Raises StudioError: disk_full, cannot_write.
    """
    partial = path.with_name(path.name + _PARTIAL)
    with writing_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear_unfinished(path.parent, kin)
        try:
            descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_RDWR | _BINARY, 0o600)
            with os.fdopen(descriptor, "w+b") as raw:
                _hold(descriptor)
                yield raw
                raw.flush()
                os.fsync(raw.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def unfinished_files(folder: Path) -> tuple[Path, ...]:
    """What programs that were killed while they wrote have left: files that nobody has written to
    for a day, in the folder and below."""
    untouched = time.time() - _A_DAY_S
    found = []
    for file in sorted(folder.rglob(f"*{_PARTIAL}")):
        with contextlib.suppress(FileNotFoundError):  # It was finished just now.
            if file.stat().st_mtime < untouched:
                found.append(file)
    return tuple(found)


@contextmanager
def writing_errors(folder: Path) -> Iterator[None]:
    """Turns what an operating system says about writing into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StudioError("disk_full", path=folder) from error
        raise StudioError("cannot_write", path=folder, reason=error.strerror or error) from error


def file_sha256(path: Path) -> str:
    """Of all its bytes, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _clear_unfinished(folder: Path, kin: str) -> None:
    for left in folder.glob(kin + _PARTIAL):
        # A file that somebody still writes stays; so does one that is not ours to remove.
        with contextlib.suppress(OSError):
            if not _is_held(left):
                left.unlink()


if sys.platform == "win32":
    _BINARY = os.O_BINARY

    def _hold(_descriptor: int) -> None:
        """An open file cannot be removed there anyway."""

    def _is_held(_path: Path) -> bool:
        return False

else:
    import fcntl

    _BINARY = 0

    def _hold(descriptor: int) -> None:
        # A file system without locks says so to whoever clears up, too, who leaves files then.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_held(path: Path) -> bool:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False
