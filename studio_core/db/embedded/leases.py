"""Locks on files that end with the process that holds them, however it ends.

A lease is such a lock: whoever still uses a running server holds one, so a crashed program's
lease is free at once, and a process number used again proves nothing.
"""

import os
import sys
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from studio_core.errors import UnavailableError

_POLL_S = 0.02


class FileLock:
    """One exclusive lock between processes, and between two locks of one process."""

    def __init__(self, path: Path, *, timeout_s: float = 60) -> None:
        self.path = path
        self._timeout_s = timeout_s
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def try_acquire(self) -> bool:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Free for others; closing the file is what frees it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        give_up = time.monotonic() + self._timeout_s
        while not self.try_acquire():
            if time.monotonic() > give_up:
                raise UnavailableError("server_lock_busy", path=self.path)
            time.sleep(_POLL_S)  # A lock on a file wakes nobody who waits for it with an end.
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


class Leases:
    """Who uses the server. Call every method under the server's own lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: FileLock | None = None

    def take(self) -> None:
        if self._own is not None:
            return
        self._folder.mkdir(exist_ok=True)
        lease = FileLock(self._folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}")
        if not lease.try_acquire():
            raise UnavailableError("server_lock_busy", path=lease.path)
        self._own = lease

    def give_back(self) -> None:
        if self._own is not None:
            self._own.release()
            self._own.path.unlink(missing_ok=True)
            self._own = None

    def anyone(self) -> bool:
        """Whether a living program, this one included, holds a lease; clears the dead ones."""
        living = self._own is not None
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if self._own is not None and path == self._own.path:
                continue
            lease = FileLock(path)
            if lease.try_acquire():
                lease.release()
                path.unlink(missing_ok=True)
            else:
                living = True
        return living


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
