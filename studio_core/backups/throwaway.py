"""A PostgreSQL for a trial: made in the folder for temporary files, and gone afterwards."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio_core.db.embedded import Binaries, EmbeddedServer
from studio_core.db.embedded.leases import FileLock

_PREFIX = "studio-drill-"
_LOCK = "in-use.lock"
_YOUNG_S = 3600


@contextmanager
def throwaway_server(binaries: Binaries) -> Iterator[EmbeddedServer]:
    """A running server without durability. TMPDIR says where its files go: it takes the room that
    the database takes. What a killed trial left there is cleared away first."""
    _clear_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o711)  # As root the server runs as somebody else, who must get through.
    try:
        with FileLock(folder / _LOCK):
            server = EmbeddedServer(folder / "server", profile="fast", binaries=binaries)
            try:
                server.start()
                yield server
            finally:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_left_behind() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Somebody else's is not ours to touch, nor to believe.
        with contextlib.suppress(OSError):
            if _is_ours(folder) and _is_abandoned(folder):
                EmbeddedServer(folder / "server").stop()
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    return sys.platform == "win32" or folder.lstat().st_uid == os.geteuid()


def _is_abandoned(folder: Path) -> bool:
    lock = FileLock(folder / _LOCK)
    if not lock.path.exists():  # It may be about to get one.
        return folder.stat().st_mtime < time.time() - _YOUNG_S
    if not lock.try_acquire():
        return False
    lock.release()
    return True
