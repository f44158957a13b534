"""The backups of the whole database on record, and where their files are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import Session

from studio_core.backups.manifest import FullManifest
from studio_core.extrato.models import Backup, FullBackup
from studio_core.whole_files import file_sha256


@dataclass(frozen=True, slots=True)
class FullBackupRow:
    """One backup that was not removed. file_name: the same in every place.

    drill_message: why its last drill failed; None where it went well or never was.
    """

    id: int
    file_name: str
    file_sha256: str
    file_bytes: int
    created_at: datetime
    copied_at: datetime | None
    drilled_at: datetime | None
    drill_message: str | None

    @property
    def proved(self) -> bool:
        """Whether its last drill went well."""
        return self.drilled_at is not None and self.drill_message is None


def full_backups(session: Session) -> tuple[FullBackupRow, ...]:
    """Newest first, without those that were removed."""
    kept = select(FullBackup).where(FullBackup.removed_at.is_(None))
    rows = session.scalars(kept.order_by(FullBackup.created_at.desc(), FullBackup.id.desc()))
    return tuple(_row(row) for row in rows)


def full_backup(session: Session, backup_id: int) -> FullBackupRow:
    """One backup on record, a removed one too. Raises NoResultFound for another id."""
    return _row(session.get_one(FullBackup, backup_id))


def found_file(row: FullBackupRow, places: Sequence[Path | None]) -> Path | None:
    """The first of these folders' files of that name."""
    for place in places:
        if place is not None and (place / row.file_name).is_file():
            return place / row.file_name
    return None


def put_on_record(connection: Connection, path: Path, manifest: FullManifest) -> int:
    """Notes a file that is whole; the number of its record."""
    backup = {
        "file_name": path.name,
        "file_sha256": file_sha256(path),
        "file_bytes": path.stat().st_size,
        "manifest": manifest.to_json(),
        "created_at": datetime.fromisoformat(manifest.created_at),
    }
    inserted = insert(FullBackup).values(backup).returning(FullBackup.id)
    return connection.execute(inserted).scalar_one()


def note_drill(session: Session, backup_id: int, message: str | None) -> None:
    """Notes a trial that was just made. message: why it failed, None where it went well."""
    session.execute(
        update(FullBackup)
        .where(FullBackup.id == backup_id)
        .values(drilled_at=func.clock_timestamp(), drill_message=message)
    )


def note_removed(session: Session, backup_ids: Sequence[int]) -> None:
    """Notes that their files are gone now; the rows stay."""
    session.execute(
        update(FullBackup)
        .where(FullBackup.id.in_(backup_ids))
        .values(removed_at=func.clock_timestamp())
    )


def forget_absent(session: Session, directory: Path, copy_dir: Path | None) -> None:
    """Takes off the record what a studio left behind when it moved: full backups that are in
    neither folder, and copies that are not in the second one."""
    places = (directory, copy_dir)
    absent = [row.id for row in full_backups(session) if found_file(row, places) is None]
    note_removed(session, absent)
    for model in (FullBackup, Backup):
        copied = select(model.id, model.file_name).where(model.copied_at.is_not(None))
        gone = [
            row.id
            for row in session.execute(copied)
            if copy_dir is None or not (copy_dir / row.file_name).is_file()
        ]
        session.execute(update(model).where(model.id.in_(gone)).values(copied_at=None))


def _row(backup: FullBackup) -> FullBackupRow:
    return FullBackupRow(
        id=backup.id,
        file_name=backup.file_name,
        file_sha256=backup.file_sha256,
        file_bytes=backup.file_bytes,
        created_at=backup.created_at,
        copied_at=backup.copied_at,
        drilled_at=backup.drilled_at,
        drill_message=backup.drill_message,
    )
