"""Backups of one month: made before it is closed, verified against the database, brought back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.db.migrations import current_revision, head_revision, program_version
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import RuleError
from studio_core.extrato import backup_sql as sql
from studio_core.extrato.backup_file import (
    MOVED,
    SUFFIX,
    BackupWriter,
    EntryWriter,
    Manifest,
    TableEntry,
    new_backup_file,
    open_backup,
    verified_manifest,
)
from studio_core.extrato.models import Backup
from studio_core.extrato.runs import OnProgress, Progress
from studio_core.months import Month
from studio_core.observability import get_logger
from studio_core.whole_files import file_sha256

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup on record. rows: of the tables that a closing moves."""

    id: int
    month: Month
    path: Path
    file_sha256: str
    file_bytes: int
    rows: dict[str, int]
    created_at: datetime
    present: bool


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """A backup compared with the database now. stale: tables that differ; empty when equal."""

    manifest: Manifest
    stale: tuple[str, ...]


def create_backup(
    database: Database,
    *,
    month: Month,
    directory: Path,
    on_progress: OnProgress | None = None,
) -> BackupRow:
    """Writes a month's rows and the people they name into one new file, as of one instant.

    A closed month's archived rows count with its live ones, so that it can be closed again.
    on_progress: what it raises ends the backup. Raises StudioError: disk_full, cannot_write.
    Nothing is left behind then.
    """
    made_at = datetime.now(UTC)
    path = directory / f"{month.label}_{made_at:%Y%m%dT%H%M%S%f}Z{SUFFIX}"
    with database.connection() as connection:
        allow_long_work(connection)
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with new_backup_file(path) as writer:
            manifest = _written(connection, writer, month, made_at, on_progress)
        # After a failure the connection ends, and the transaction with it.
        connection.exec_driver_sql("ROLLBACK")
        backup = {
            "month_start": month.first_day,
            "file_name": path.name,
            "file_sha256": file_sha256(path),
            "file_bytes": path.stat().st_size,
            "manifest": manifest.to_json(),
            "created_by": connection.scalar(text("SELECT studio.current_user_id()")),
        }
        backup_id = connection.execute(
            insert(Backup).values(backup).returning(Backup.id)
        ).scalar_one()
    with database.transaction() as session:
        made = _row(session.get_one(Backup, backup_id), directory)
    _log.info("backup_created", month=month.label, file=path.name, rows=made.rows)
    return made


def list_backups(
    session: Session, directory: Path, month: Month | None = None
) -> tuple[BackupRow, ...]:
    """The backups on record, newest first, and whether their file is in the directory."""
    statement = select(Backup).order_by(Backup.id.desc())
    if month is not None:
        statement = statement.where(Backup.month_start == month.first_day)
    return tuple(_row(backup, directory) for backup in session.scalars(statement))


def newest_backup(session: Session, month: Month, directory: Path) -> BackupRow | None:
    """The newest backup of a month whose file is there."""
    return next((row for row in list_backups(session, directory, month) if row.present), None)


def verify_backup(session: Session, path: Path) -> BackupCheck:
    """Reads a backup whole, then compares it with what its month holds now.

    Raises RuleError: backup_unreadable, backup_corrupt.
    """
    allow_long_work(session)
    manifest = verified_manifest(path)
    held = month_digests(session.connection(), manifest.month)
    stale = tuple(table for table in MOVED if held[table] != manifest.digests.get(table))
    return BackupCheck(manifest, stale)


def month_digests(connection: Connection, month: Month) -> dict[str, str]:
    """Per table the digest over the row hashes of a month, live and archived rows together."""
    return {
        table: connection.execute(text(sql.measured(table)), _bounds(month)).one().digest
        for table in MOVED
    }


def restore_backup(admin: Database, path: Path, on_progress: OnProgress | None = None) -> Manifest:
    """Brings a month back as an open one into a database that has none of its rows.

    admin: a superuser on a migrated database. All or nothing; what arrives is compared with the
    manifest before it is kept. Raises RuleError: backup_unreadable, backup_corrupt,
    backup_revision, backup_exists, backup_foreign.
    """
    manifest = verified_manifest(path)
    with admin.transaction() as session:
        if manifest.revision != current_revision(session):
            raise RuleError(
                "backup_revision",
                name=path.name,
                found=manifest.revision,
                expected=current_revision(session) or "-",
            )
        connection = session.connection()
        allow_long_work(connection)
        if connection.scalar(text(sql.MONTH_HAS_ROWS), _bounds(manifest.month)):
            raise RuleError("backup_exists", month=manifest.month.label)
        # Triggers would stamp, audit and derive anew what comes back as it was.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        total = sum(entry.rows for entry in manifest.tables.values())
        done = 0
        with open_backup(path) as (archive, _):
            for table in sql.RESTORE_ORDER:
                entry = manifest.tables.get(table)
                if entry is None or entry.columns != sql.columns(table):
                    raise RuleError("backup_corrupt", name=path.name, reason=table)
                with archive.open(f"{table}.copy") as source:
                    arrived = _copied_in(connection, table, source, path.name)
                if table in MOVED and arrived != entry.rows:
                    raise RuleError("backup_exists", month=manifest.month.label)
                done += entry.rows
                if on_progress is not None:
                    on_progress(Progress(table, done, total))
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        connection.exec_driver_sql(sql.ADVANCE_SEQUENCES)
        held = month_digests(connection, manifest.month)
        if held != manifest.digests:
            raise RuleError("backup_corrupt", name=path.name, reason="rows differ once restored")
        connection.execute(
            text("SELECT studio.announce_closing(:month, 'restore', NULL, :why)"),
            {"month": manifest.month.first_day, "why": path.name},
        )
    return manifest


def _written(
    connection: Connection,
    writer: BackupWriter,
    month: Month,
    made_at: datetime,
    on_progress: OnProgress | None,
) -> Manifest:
    bounds = _bounds(month)
    measured = {t: connection.execute(text(sql.measured(t)), bounds).one() for t in MOVED}
    total = sum(found.rows for found in measured.values())
    entries: dict[str, TableEntry] = {}
    done = 0

    def told(table: str, rows: int) -> None:
        """rows: of a table that is not yet among those done."""
        if on_progress is not None:
            on_progress(Progress(table, done + (rows if table in MOVED else 0), total))

    for table in sql.BACKUP_ORDER:
        columns = sql.columns(table)
        with writer.entry(table, partial(told, table)) as entry:
            _copy_out(connection, sql.copied(table, month), entry)
        found = measured.get(table)
        entries[table] = TableEntry(
            columns=columns,
            rows=entry.rows,
            sum=str(found.sum) if found is not None else None,
            sha256=entry.sha256,
            digest=found.digest if found is not None else None,
        )
        done += entry.rows if table in MOVED else 0
        told(table, 0)
    manifest = Manifest(
        month=month,
        database=str(connection.scalar(text("SELECT current_database()"))),
        revision=head_revision(),
        program=program_version(),
        created_at=made_at.isoformat(timespec="seconds"),
        tables=entries,
    )
    writer.finish(manifest)
    return manifest


def _copy_out(connection: Connection, query: str, target: EntryWriter) -> None:
    _driver_cursor(connection).copy_expert(f"COPY ({query}) TO STDOUT", target)


def _copied_in(connection: Connection, table: str, source: Any, name: str) -> int:
    """Loads one entry beside its table, then takes over the rows that are not there yet.

    Raises RuleError("backup_foreign") where a number belongs to somebody else here: the month's
    money would become theirs.
    """
    connection.exec_driver_sql(sql.incoming(table))
    _driver_cursor(connection).copy_expert("COPY incoming FROM STDIN", source)
    if connection.exec_driver_sql(sql.foreign(table)).scalar_one():
        raise RuleError("backup_foreign", name=name)
    arrived = connection.exec_driver_sql(sql.take_over(table)).rowcount
    connection.exec_driver_sql("DROP TABLE incoming")
    return arrived


def _driver_cursor(connection: Connection) -> Any:
    """psycopg2's own cursor; SQLAlchemy has no COPY."""
    return connection.connection.cursor()


def _bounds(month: Month) -> dict[str, Any]:
    return {"month": month.first_day, "after": month.first_day_after}


def _row(backup: Backup, directory: Path) -> BackupRow:
    tables = backup.manifest["tables"]
    path = directory / backup.file_name
    return BackupRow(
        id=backup.id,
        month=Month.of(backup.month_start),
        path=path,
        file_sha256=backup.file_sha256,
        file_bytes=backup.file_bytes,
        rows={table: tables[table]["rows"] for table in MOVED},
        created_at=backup.created_at,
        present=path.is_file(),
    )
