"""A second place for backups, months' and the whole database's: copied, read back, noted."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from studio_core.backups.file import SUFFIX
from studio_core.db.engine import Database
from studio_core.errors import RuleError, StudioError
from studio_core.extrato.backup_file import SUFFIX as MONTH_SUFFIX
from studio_core.extrato.models import Backup, FullBackup
from studio_core.extrato.runs import OnProgress, Progress
from studio_core.whole_files import file_sha256, whole_file

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Uncopied:
    """A backup on record that no copy is known of. model: FullBackup, or Backup of a month."""

    model: type[FullBackup] | type[Backup]
    id: int
    file_name: str
    file_sha256: str


def uncopied(session: Session, directory: Path) -> tuple[Uncopied, ...]:
    """Whose files are in the directory; the whole database's first, newest first."""
    found = []
    for model, rest in ((FullBackup, FullBackup.removed_at.is_(None)), (Backup, None)):
        wanted = select(model.id, model.file_name, model.file_sha256).where(
            model.copied_at.is_(None)
        )
        if rest is not None:
            wanted = wanted.where(rest)
        for row in session.execute(wanted.order_by(model.id.desc())):
            # An owner, too, puts a month's backup on record, and could name any file of the server.
            if Path(row.file_name).name == row.file_name and (directory / row.file_name).is_file():
                found.append(Uncopied(model, row.id, row.file_name, row.file_sha256))
    return tuple(found)


def copy_backups(
    database: Database,
    *,
    directory: Path,
    copy_dir: Path,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[str, ...]:
    """Copies what is not copied yet; the names. One that cannot be copied hinders no other.

    copy_dir is not made: where a disk should be and is not, an empty folder would deceive.
    Raises StudioError: copy_dir_missing, or of the first that failed, once all were tried:
    disk_full, cannot_write, copy_differs, copy_source_differs. RuleError("backup_cancelled").
    """
    with database.transaction() as session:
        waiting = uncopied(session, directory)
    if waiting and not copy_dir.is_dir():
        raise StudioError("copy_dir_missing", path=copy_dir)
    copied: list[str] = []
    first_failure: StudioError | None = None
    for number, backup in enumerate(waiting):
        if on_progress is not None:
            on_progress(Progress("copying", number, len(waiting)))
        try:
            _copy(directory / backup.file_name, copy_dir, backup.file_sha256, cancelled)
        except RuleError:
            raise
        except StudioError as error:
            first_failure = first_failure or error
            continue
        with database.transaction() as session:
            noted = update(backup.model).where(backup.model.id == backup.id)
            session.execute(noted.values(copied_at=func.clock_timestamp()))
        copied.append(backup.file_name)
    if first_failure is not None:
        raise first_failure
    return tuple(copied)


def _copy(source: Path, copy_dir: Path, sha256: str, cancelled: Callable[[], bool]) -> None:
    target = copy_dir / source.name
    if target.is_file() and file_sha256(target) == sha256:
        return  # It was copied, and that could not be noted.
    read = hashlib.sha256()
    with whole_file(target, kin=_kin(source.name)) as file:
        for piece in _pieces(source):
            if cancelled():
                raise RuleError("backup_cancelled")
            read.update(piece)
            file.write(piece)
        if read.hexdigest() != sha256:
            raise StudioError("copy_source_differs", name=source.name)
        file.flush()
        os.fsync(file.fileno())
        _forget(file.fileno())
        file.seek(0)
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise StudioError("copy_differs", name=source.name, path=copy_dir)


def _kin(name: str) -> str:
    return f"*{SUFFIX if name.endswith(SUFFIX) else MONTH_SUFFIX}"


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _forget(descriptor: int) -> None:
    """What is read back comes from the disk, and not from this computer's memory of it."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
