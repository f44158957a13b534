"""A disk without room: under the backup, under the server's log of changes, under its tables.

Each by a small file system, and by a limit to the size of files, which no machine forbids.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.db.embedded import EmbeddedServer, find_binaries
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import StudioError, UnavailableError
from studio_core.extrato.runs import Progress
from tests.background import Background, wait_until
from tests.books import Books
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.month import TheMonth
from tests.full_disks import SmallDisk, files_no_larger_than, small_disk

SEGMENT = 16 * 1024**2
LEFT = 96 * 1024
"""What the closing may still write before the log of changes is full."""


@contextmanager
def full_small_disk(closer: Closer, run_root: Path) -> Iterator[None]:
    with small_disk(run_root, 1) as disk:
        closer.folder = disk.folder / "backups"
        disk.fill(leaving=16 * 1024)
        yield


@contextmanager
def limited_files(closer: Closer, run_root: Path) -> Iterator[None]:
    closer.folder.mkdir()
    with files_no_larger_than(4096):
        yield


@pytest.mark.parametrize("full", [full_small_disk, limited_files])
def test_disk_full_in_the_backup_is_said_and_leaves_no_half_file(
    books: Books,
    closer: Closer,
    run_root: Path,
    tmp_path: Path,
    full: Callable[[Closer, Path], AbstractContextManager[None]],
) -> None:
    month = TheMonth(closer, 1000, backed_up=False)
    with full(closer, run_root):
        with pytest.raises(StudioError) as refused:
            closer.back_up()
        assert refused.value.code == "disk_full"
        assert str(closer.folder) in str(refused.value)
        assert list(closer.folder.iterdir()) == []
    assert books.value("SELECT count(*) FROM backups") == 0
    month.is_as_it_was()
    closer.folder = tmp_path / "elsewhere"
    closer.back_up()
    month.closes_now()


class OwnServer:
    """A cluster of one test, whose log of changes can be made full."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedServer(folder)
        self.server.start()
        self.url = self.server.create_database("full")
        migrate(self.url)

    @property
    def log_of_changes(self) -> Path:
        return self.server.data_dir / "cluster" / "pg_wal"

    def said(self, words: str) -> bool:
        logs = self.server.data_dir.glob("server.log*")
        return any(words in log.read_text("utf-8", "replace") for log in logs)

    def stop_in_a_fresh_segment(self) -> None:
        """And without those that the server keeps for later, which would be room."""
        with (
            Database(self.url, application_name="tests", pool_size=1) as own,
            own.connection() as c,
        ):
            c.exec_driver_sql("SELECT pg_switch_wal()")
            c.exec_driver_sql("CHECKPOINT")
        self.server.stop()
        told = subprocess.run(
            [find_binaries().program("pg_controldata"), str(self.log_of_changes.parent)],
            capture_output=True,
            text=True,
            check=True,
            env={"LC_ALL": "C"},
        ).stdout
        (current,) = [line.split()[-1] for line in told.splitlines() if "REDO WAL file" in line]
        for segment in self.log_of_changes.iterdir():
            if segment.is_file() and segment.name > current:
                segment.unlink()

    def use_up(self, size: int) -> None:
        """Writes until so much of a segment is left below size."""
        with (
            Database(self.url, application_name="tests", pool_size=1) as own,
            own.connection() as c,
        ):
            used = c.exec_driver_sql(
                f"SELECT mod(pg_current_wal_insert_lsn() - '0/0', {SEGMENT})"
            ).scalar_one()
            c.exec_driver_sql(
                "SELECT pg_logical_emit_message(false, 'tests', repeat('x', %s))",
                (max(0, size - LEFT - int(used)),),
            )


@pytest.fixture
def own_server(run_root: Path, worker_name: str) -> Iterator[OwnServer]:
    folder = run_root / f"full-{worker_name}"
    own = OwnServer(folder)
    yield own
    own.server.stop()
    shutil.rmtree(folder, ignore_errors=True)


class LogOnSmallDisk:
    """The log of changes on a disk with room for two segments."""

    words = "No space left on device"

    def __init__(self, own: OwnServer, disk: SmallDisk) -> None:
        self._own, self._disk = own, disk
        place = own.log_of_changes
        moved = disk.folder / "wal"
        shutil.copytree(place, moved)
        owner = place.stat()
        for path in (moved, *moved.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        shutil.rmtree(place)
        place.symlink_to(moved)
        own.server.start()

    def fill(self) -> None:
        self._disk.fill(leaving=0)
        self._own.use_up(SEGMENT)

    def make_room(self) -> None:
        self._disk.make_room()


class LogOfLimitedFiles:
    """A server that may not write past the first part of a segment."""

    words = "File too large"
    _LIMIT = 10 * 1024**2

    def __init__(self, own: OwnServer, _disk: SmallDisk | None) -> None:
        self._own = own
        with files_no_larger_than(self._LIMIT):
            own.server.start()

    def fill(self) -> None:
        self._own.use_up(self._LIMIT)

    def make_room(self) -> None:
        """Only a new server is free of the limit; the old one cannot even recover, and ends."""
        wait_until(lambda: self._own.server.process_id is None)


@pytest.mark.parametrize("way", [LogOnSmallDisk, LogOfLimitedFiles])
def test_disk_full_in_the_wal_leaves_the_month_as_it_was(
    own_server: OwnServer,
    tmp_path: Path,
    run_root: Path,
    way: type[LogOnSmallDisk] | type[LogOfLimitedFiles],
) -> None:
    """PostgreSQL stops at once: what it cannot log it must not do."""
    with (
        ExitStack() as undo,
        Database(own_server.url, application_name="tests") as database,
    ):
        closer = Closer(Books(database), tmp_path / "backups")
        month = TheMonth(closer, 300)
        database.close()
        disk = undo.enter_context(small_disk(run_root, 48)) if way is LogOnSmallDisk else None
        own_server.stop_in_a_fresh_segment()
        log = way(own_server, disk)  # type: ignore[arg-type] # A disk for the one that takes it.
        undo.callback(own_server.server.stop)
        mended: list[Background] = []

        def mend() -> None:
            wait_until(lambda: own_server.said(log.words))
            log.make_room()
            own_server.server.start()

        def fill(progress: Progress) -> None:
            if progress.stage == "payments" and not mended:
                log.fill()
                mended.append(Background(mend))

        with pytest.raises(UnavailableError):
            closer.close(batch_size=10, on_progress=fill)
        mended[0].result()
        assert own_server.said("PANIC")
        month.is_as_it_was()
        assert month.statuses()[0] in ("failed", "running")
        month.closes_now()
        assert month.statuses()[0] in ("failed", "died")
        assert month.statuses()[1] == "done"


def test_disk_full_under_the_tables_is_said_and_leaves_the_month_as_it_was(
    durable_books: Books, durable_closer: Closer, run_root: Path
) -> None:
    """The server goes on, and says what is the matter."""
    month = TheMonth(durable_closer, 300)
    with small_disk(run_root, 8) as disk:
        place = disk.folder / "tables"
        place.mkdir()
        owner = _owner_of(durable_books)
        os.chown(place, *owner)
        with durable_books.database.connection() as connection:
            connection.exec_driver_sql(f"CREATE TABLESPACE tests_small LOCATION '{place}'")
            connection.exec_driver_sql("ALTER TABLE archive.payments SET TABLESPACE tests_small")
        try:
            disk.fill(leaving=0)
            with pytest.raises(UnavailableError) as refused:
                durable_closer.close(batch_size=10)
            assert refused.value.code == "database_disk_full"
            month.is_as_it_was()
            disk.make_room()
            month.closes_now()
        finally:
            with durable_books.database.connection() as connection:
                connection.exec_driver_sql("ALTER TABLE archive.payments SET TABLESPACE pg_default")
                connection.exec_driver_sql("DROP TABLESPACE tests_small")
    full = "The database server's disk is full. Nothing was changed."
    assert month.runs() == [("failed", full), ("done", None)]


def _owner_of(books: Books) -> tuple[int, int]:
    with books.database.transaction() as session:
        found = session.execute(text("SHOW data_directory")).scalar_one()
    owner = Path(found).stat()
    return owner.st_uid, owner.st_gid
