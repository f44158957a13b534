"""Every backup on record, of a month or of the whole database, newest first."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Integer,
    Row,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page
from studio_core.extrato.models import Backup, Extrato, FullBackup
from studio_core.months import Month
from studio_core.people.models import User

BackupKind = Literal["month", "full"]
_INSTANT = DateTime(timezone=True)


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup file.

    key: unlike any other's, whatever the kind. month, made_by, version: of a month's backup;
    version: of the extrato that was closed with it, after every row had been compared, else None.
    drilled_at to removed_at: of one of the whole database. drill_message: why its trial restore
    failed, None after one that went well. present: whether the file is in the directory that was
    looked into; None where none was.
    """

    key: int
    kind: BackupKind
    month: Month | None
    file_name: str
    file_bytes: int
    created_at: datetime
    made_by: str | None
    version: int | None
    copied_at: datetime | None
    drilled_at: datetime | None
    drill_message: str | None
    removed_at: datetime | None
    present: bool | None


@dataclass(frozen=True, slots=True)
class BackupsOverview:
    """closed: months in force. backed_up: those of them with a backup on record. full_at: of the
    newest backup of the whole database; drilled_at: the last trial restore; None where there is
    none."""

    closed: int
    backed_up: int
    full_at: datetime | None
    full_bytes: int | None
    drilled_at: datetime | None
    drill_failed: bool


def page_of_backups(
    session: Session,
    *,
    kind: BackupKind | None = None,
    directory: Path | None = None,
    after: Cursor | None = None,
    limit: int = 100,
) -> Page[BackupLine]:
    """One page of backups. directory: of this computer, to look whether their files are there."""
    extrato = (
        select(func.max(Extrato.version)).where(Extrato.backup_id == Backup.id).scalar_subquery()
    )
    months = select(
        (Backup.id * 2).label("key"),
        literal("month").label("kind"),
        Backup.month_start,
        Backup.file_name,
        Backup.file_bytes,
        Backup.created_at,
        User.name.label("made_by"),
        extrato.label("version"),
        Backup.copied_at,
        cast(null(), _INSTANT).label("drilled_at"),
        cast(null(), Text).label("drill_message"),
        cast(null(), _INSTANT).label("removed_at"),
    ).outerjoin(User, User.id == Backup.created_by)
    whole = select(
        (FullBackup.id * 2 + 1).label("key"),
        literal("full").label("kind"),
        cast(null(), Date).label("month_start"),
        FullBackup.file_name,
        FullBackup.file_bytes,
        FullBackup.created_at,
        cast(null(), Text).label("made_by"),
        cast(null(), BigInteger).label("version"),
        FullBackup.copied_at,
        FullBackup.drilled_at,
        FullBackup.drill_message,
        FullBackup.removed_at,
    )
    chosen = {"month": months, "full": whole}
    lines = (chosen[kind] if kind is not None else union_all(months, whole)).subquery()
    names = _names_in(directory) if directory is not None else None

    def row(found: Row[Any]) -> BackupLine:
        return _line(found, None if names is None else found.file_name in names)

    order = KeyOrder(lines.c.created_at, lines.c.key, descending=True)
    return fetch_page(session, select(lines), order, after=after, limit=limit, row=row)


def backups_overview(session: Session) -> BackupsOverview:
    """What one wants to know of them at a glance."""
    current = select(Extrato).where(Extrato.superseded_at.is_(None), Extrato.source == "closing")
    closed = current.subquery()
    first_day = func.make_date(cast(closed.c.year, Integer), cast(closed.c.month, Integer), 1)
    has_backup = select(Backup.id).where(Backup.month_start == first_day).exists()
    newest = (
        select(FullBackup.created_at, FullBackup.file_bytes)
        .where(FullBackup.removed_at.is_(None))
        .order_by(FullBackup.id.desc())
        .limit(1)
        .subquery()
    )
    drilled = (
        select(FullBackup.drilled_at, FullBackup.drill_message)
        .where(FullBackup.drilled_at.is_not(None))
        .order_by(FullBackup.drilled_at.desc())
        .limit(1)
        .subquery()
    )
    found = session.execute(
        select(
            select(func.count()).select_from(closed).scalar_subquery().label("closed"),
            select(func.count())
            .select_from(closed)
            .where(has_backup)
            .scalar_subquery()
            .label("backed_up"),
            select(newest.c.created_at).scalar_subquery().label("full_at"),
            select(newest.c.file_bytes).scalar_subquery().label("full_bytes"),
            select(drilled.c.drilled_at).scalar_subquery().label("drilled_at"),
            select(drilled.c.drill_message).scalar_subquery().label("drill_message"),
        )
    ).one()
    return BackupsOverview(
        closed=found.closed,
        backed_up=found.backed_up,
        full_at=found.full_at,
        full_bytes=found.full_bytes,
        drilled_at=found.drilled_at,
        drill_failed=found.drill_message is not None,
    )


def _names_in(directory: Path) -> frozenset[str]:
    return frozenset(path.name for path in directory.rglob("*") if path.is_file())


def _line(found: Row[Any], present: bool | None) -> BackupLine:
    return BackupLine(
        key=found.key,
        kind=found.kind,
        month=Month.of(found.month_start) if found.month_start is not None else None,
        file_name=found.file_name,
        file_bytes=found.file_bytes,
        created_at=found.created_at,
        made_by=found.made_by,
        version=found.version,
        copied_at=found.copied_at,
        drilled_at=found.drilled_at,
        drill_message=found.drill_message,
        removed_at=found.removed_at,
        present=present,
    )
