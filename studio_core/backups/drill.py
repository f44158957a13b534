"""Trying a backup out: restored into a cluster of its own, compared, and thrown away.

A cluster that has never seen the studio shows what the studio's own would hide: roles that are
missing, extensions that are not there, a file that is somebody else's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from studio_core.backups.file import FullFile, read_full
from studio_core.backups.logins import Login, read_surroundings
from studio_core.backups.records import FullBackupRow, found_file, full_backups, note_drill
from studio_core.backups.restore import Restored, restore_file
from studio_core.backups.throwaway import throwaway_server
from studio_core.db.embedded.binaries import find_server
from studio_core.db.engine import Database
from studio_core.errors import RuleError, StudioError
from studio_core.extrato.runs import OnProgress
from studio_core.extrato.verify import TAMPERING_CODES
from studio_core.observability import get_logger
from studio_core.whole_files import file_sha256

_log = get_logger(__name__)

# What is wrong with the backup, and not with this computer: it is noted, and not tried again.
_FAULTS = frozenset(
    (
        "backup_unreadable",
        "backup_corrupt",
        "backup_swapped",
        "program_failed",
        "restore_differs",
        "logins_differ",
        *TAMPERING_CODES,
    )
)
# A container has little shared memory, which parallel work would ask for.
_ALONE = "-c max_parallel_maintenance_workers=0 -c max_parallel_workers_per_gather=0"


@dataclass(frozen=True, slots=True)
class Drilled:
    """A backup that holds everything. on_record: whether its passing was noted."""

    path: Path
    restored: Restored
    on_record: bool


def drill(
    database: Database,
    *,
    places: Sequence[Path | None],
    path: Path | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Drilled:
    """Restores a backup for a trial and notes how it went. places: folders to look for it in.

    path: by default the newest on record. One that is on no record is tried all the same.
    Raises StudioError("drill_failed", name, reason) for what is wrong with the backup;
    RuleError: full_backup_none, backup_cancelled; and what is wrong with this computer, which is
    not noted: ConfigError, UnavailableError.
    """
    with database.transaction() as session:
        rows = full_backups(session)
    row = _chosen(rows, path)
    if path is None and row is None:
        raise RuleError("full_backup_none")
    name = path.name if path is not None else row.file_name if row is not None else ""
    try:
        file = path or (found_file(row, places) if row is not None else None)
        if file is None:
            raise RuleError("backup_unreadable", name=name, reason="no such file")
        restored = _tried(file, row, on_progress, cancelled)
    except StudioError as error:
        if error.code not in _FAULTS:
            raise
        _note(database, row, str(error))
        raise StudioError("drill_failed", name=name, reason=str(error)) from error
    _note(database, row, None)
    _log.info("drill_passed", file=name, rows=restored.manifest.rows)
    return Drilled(file, restored, row is not None)


def _chosen(rows: Sequence[FullBackupRow], path: Path | None) -> FullBackupRow | None:
    if path is None:
        return rows[0] if rows else None
    return next((row for row in rows if row.file_name == path.name), None)


def _tried(
    path: Path,
    row: FullBackupRow | None,
    on_progress: OnProgress | None,
    cancelled: Callable[[], bool],
) -> Restored:
    if row is not None and path.is_file() and file_sha256(path) != row.file_sha256:
        read_full(path)  # A damaged file says so by itself.
        raise RuleError("backup_swapped", name=path.name)
    file = read_full(path)
    server_binaries = find_server(file.manifest.server_major, or_newer=True)
    with throwaway_server(server_binaries) as server:
        url = server.url.set(database=file.manifest.database)
        url = url.update_query_dict({"options": _ALONE})
        restored = restore_file(url, file, on_progress=on_progress, cancelled=cancelled)
        for tampering in restored.tampering:
            raise RuleError(tampering.code, **tampering.params)
        _require_same_logins(file, url)
    return restored


def _require_same_logins(file: FullFile, url: URL) -> None:
    with (
        Database(url, application_name="studio drill", pool_size=1) as restored,
        restored.connection() as connection,
    ):
        connection.exec_driver_sql("SET ROLE studio_backup")
        found = {login.name: login for login in read_surroundings(connection).logins}
    expected = {login.name: login for login in file.surroundings.logins}
    if found != expected:
        raise RuleError("logins_differ", name=file.path.name, count=len(_unlike(expected, found)))


def _unlike(one: dict[str, Login], other: dict[str, Login]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _note(database: Database, row: FullBackupRow | None, message: str | None) -> None:
    if row is not None:
        with database.transaction() as session:
            note_drill(session, row.id, message)
