"""Disks without room: a small file system of its own, and a limit where none may be mounted."""

import os
import resource
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SHARED_MEMORY = Path("/dev/shm")
_SMALL = 512 * 1024**2


class SmallDisk:
    """folder: the only one on it that is ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, leaving: int) -> None:
        """Until so many bytes are free."""
        with self._ballast.open("ab") as ballast:
            free = shutil.disk_usage(self.folder).free
            os.posix_fallocate(ballast.fileno(), ballast.tell(), max(1, free - leaving))

    def make_room(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(parent: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A file system of its own, mounted in parent where we may: in most containers root may not.
    Those bring a small one for shared memory, of which the test then takes what there is.

    Where neither is to be had the test is skipped; files_no_larger_than() is there everywhere.
    """
    mounted = parent / f"small-{uuid.uuid4().hex[:8]}"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(mounted)]
    if shutil.which("mount") and _succeeds(command):
        try:
            yield SmallDisk(mounted)
        finally:
            _succeeds(["umount", "--lazy", str(mounted)])
        return
    if not (_SHARED_MEMORY.is_dir() and shutil.disk_usage(_SHARED_MEMORY).total <= _SMALL):
        pytest.skip("no small disk: mounting is not allowed, /dev/shm is large or missing")
    folder = _SHARED_MEMORY / mounted.name
    folder.mkdir(mode=0o755)
    try:
        yield SmallDisk(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def files_no_larger_than(limit: int) -> Iterator[None]:
    """What a full disk is to a writer, and to the processes it starts meanwhile."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
