"""Making a backup of the whole database: one file, as of one instant, while desks go on working.

Everything is read as studio_backup, which may read all of this database and which row security
does not blind. One connection holds the instant (an exported snapshot): it counts the tables and
reads the logins, and pg_dump reads the same instant by the snapshot's name.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, text

from studio_core.backups.file import DUMP, SUFFIX, FullWriter, new_full_file
from studio_core.backups.logins import read_surroundings
from studio_core.backups.manifest import FullManifest
from studio_core.backups.measure import measured_tables
from studio_core.backups.progress import ProgressReport
from studio_core.backups.records import FullBackupRow, full_backup, put_on_record
from studio_core.db.embedded.binaries import find_clients
from studio_core.db.engine import Database
from studio_core.db.migrations import program_version
from studio_core.db.programs import needs_tls, read_from
from studio_core.errors import AlreadyRunningError, ConfigError
from studio_core.extrato.runs import OnProgress
from studio_core.observability import get_logger

_log = get_logger(__name__)

_APPLICATION = "studio full backup"
_WAIT_FOR_A_TABLE = "15s"
_BEGINNING = text(
    "SELECT current_database() AS name, clock_timestamp() AS at,"
    " pg_has_role(session_user, oid, 'MEMBER') AND rolbypassrls AS allowed"
    " FROM pg_roles WHERE rolname = 'studio_backup'"
)
_ALONE = text("SELECT pg_try_advisory_lock(hashtext('studio.full_backup'), 0)")
# What ends a desk's forgotten transaction must not end this one.
_UNHURRIED = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    f"SET LOCAL lock_timeout = '{_WAIT_FOR_A_TABLE}'",
    "SET LOCAL ROLE studio_backup",
    # An error rather than half of the rows, should row security have a say after all.
    "SET LOCAL row_security = off",
)
_INSTANT = text(
    "SELECT pg_export_snapshot() AS snapshot,"
    " split_part(current_setting('server_version'), ' ', 1) AS server,"
    " current_setting('server_version_num')::integer / 10000 AS major,"
    " (SELECT version_num FROM public.alembic_version) AS revision,"
    " (SELECT digest FROM public.extratos ORDER BY closing_order DESC LIMIT 1) AS newest_extrato,"
    " (SELECT (manifest -> 'parts' -> :dump ->> 'bytes')::bigint FROM public.full_backups"
    "  ORDER BY id DESC LIMIT 1) AS last_bytes"
)


def create_full_backup(
    database: Database,
    *,
    directory: Path,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> FullBackupRow:
    """Writes the whole database with its logins into one new file, and puts it on record.

    on_progress: stage "counting" in tables, then "dump" in kilobytes, of about as many as last
    time. cancelled: asked between two pieces.
    Raises ConfigError: full_backup_not_allowed, client_missing, client_without_tls;
    AlreadyRunningError("full_backup_running"); RuleError("backup_cancelled"); StudioError:
    disk_full, cannot_write, program_failed. Whatever fails leaves nothing behind.
    """
    with database.connection() as connection:
        beginning = connection.execute(_BEGINNING).one()
        if not beginning.allowed:
            raise ConfigError("full_backup_not_allowed", login=database.url.username or "-")
        if not connection.scalar(_ALONE):
            raise AlreadyRunningError("full_backup_running")
        path = directory / _file_name(beginning.name, beginning.at)
        with new_full_file(path) as writer:
            manifest = _written(
                connection,
                database.url,
                writer,
                beginning.at,
                ProgressReport(on_progress, cancelled),
            )
        backup_id = _recorded(connection, path, manifest)
    with database.transaction() as session:
        made = full_backup(session, backup_id)
    _log.info("full_backup_created", file=made.file_name, bytes=made.file_bytes)
    return made


def _written(
    connection: Connection, url: URL, writer: FullWriter, at: datetime, report: ProgressReport
) -> FullManifest:
    with _one_instant(connection):
        instant = connection.execute(_INSTANT, {"dump": DUMP}).one()
        clients = find_clients(instant.major, tls=needs_tls(url))
        name = str(connection.scalar(text("SELECT current_database()")))
        tables = measured_tables(connection, lambda done, total: report("counting", done, total))
        writer.surroundings(read_surroundings(connection))
        with writer.dump() as part:

            def take(piece: bytes) -> None:
                part.write(piece)
                report("dump", part.bytes // 1024, (instant.last_bytes or 0) // 1024)

            read_from(
                clients,
                "pg_dump",
                _options(instant.snapshot),
                _same_server(connection, url),
                take,
            )
    manifest = FullManifest(
        database=name,
        revision=instant.revision,
        program=program_version(),
        server=instant.server,
        server_major=instant.major,
        dumped_by=clients.major,
        created_at=at.isoformat(),
        newest_extrato=instant.newest_extrato,
        tables=tables,
        parts=dict(writer.parts),
    )
    writer.finish(manifest)
    return manifest


def _recorded(connection: Connection, path: Path, manifest: FullManifest) -> int:
    """A file that is on no record would never be looked at again, nor removed: it goes."""
    try:
        return put_on_record(connection, path, manifest)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _one_instant(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    for statement in _UNHURRIED:
        connection.exec_driver_sql(statement)
    yield
    # After a failure the connection ends, and all of this with it.
    connection.exec_driver_sql("ROLLBACK")


def _options(snapshot: str) -> tuple[str, ...]:
    return (
        "--format=custom",
        "--compress=3",
        "--encoding=UTF8",
        "--role=studio_backup",
        f"--snapshot={snapshot}",
        f"--lock-wait-timeout={_WAIT_FOR_A_TABLE}",
    )


def _same_server(connection: Connection, url: URL) -> URL:
    """The one of several hosts that we came to: a snapshot is known there alone."""
    info = connection.connection.dbapi_connection.info  # type: ignore[union-attr] # psycopg2's own
    places = ["host", "port", *(["hostaddr"] if "," in url.query.get("hostaddr", "") else [])]
    pinned = url.difference_update_query(places)
    if info.host:
        pinned = pinned.set(host=info.host, port=info.port)
    # A disk that takes long to write makes it read late, which is no lost network.
    options = f"{url.query.get('options', '')} -c tcp_user_timeout=0".strip()
    return pinned.update_query_dict({"application_name": _APPLICATION, "options": options})


def _file_name(database: str, at: datetime) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", database)
    return f"{plain}_{at:%Y%m%dT%H%M%S%f}Z{SUFFIX}"
