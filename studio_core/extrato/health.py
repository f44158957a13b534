"""Whether all is well: what an operator, or the owner's screen, wants to know of a studio.

Reads only, as a login of the jobs or of an owner. Every condition is a code with its values, which
the desktop translates and the command line prints. Large archives take their time: every archived
row is hashed again.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from studio_core.alerts.models import Alert
from studio_core.db.migrations import current_revision, head_revision
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import RuleError
from studio_core.extrato.backup import BackupRow, list_backups, verify_backup
from studio_core.extrato.models import Backup, Extrato, ExtratoRun, FullBackup
from studio_core.extrato.verify import verify_chain
from studio_core.ledger.queries import studio_today
from studio_core.months import Month
from studio_core.sentences import sentence
from studio_core.whole_files import file_sha256

Level = Literal["ok", "warning", "bad"]
SUBJECTS = ("schema", "backups", "runs", "chain", "drift", "alerts", "disk")
"""What is looked at, in the order of the report."""

_MIB = 1024**2
_FULL_AGE = timedelta(hours=36)
_DRILL_AGE = timedelta(days=9)
_COPY_AGE = timedelta(days=1)
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that was looked at. code: a key of SENTENCES; params: its values."""

    subject: str
    level: Level
    code: str
    params: dict[str, object]

    def __str__(self) -> str:
        return sentence(self.code, self.params)


def worst(conditions: Iterable[Condition]) -> Level:
    """The worst of their levels; ok where there are none."""
    levels = {condition.level for condition in conditions}
    return "bad" if "bad" in levels else "warning" if "warning" in levels else "ok"


@dataclass(frozen=True, slots=True)
class Health:
    """conditions: in the order of SUBJECTS. Warnings alone leave a studio healthy."""

    database: str
    looked_at: datetime
    conditions: tuple[Condition, ...]

    @property
    def healthy(self) -> bool:
        return all(condition.level != "bad" for condition in self.conditions)

    def of_subject(self, subject: str) -> tuple[Condition, ...]:
        return tuple(found for found in self.conditions if found.subject == subject)

    def level(self, subject: str) -> Level:
        """The worst of a subject's conditions."""
        return worst(self.of_subject(subject))


def look_at_health(
    session: Session, *, backup_dir: Path, log_dir: Path, copy_dir: Path | None = None
) -> Health:
    """Looks at everything; raises only what makes looking impossible.

    copy_dir: the second place of backups, where there is one.
    """
    allow_long_work(session)
    name, now = session.execute(select(func.current_database(), func.clock_timestamp())).one()
    conditions = [*_schema(session)]
    if conditions[0].level == "ok":
        conditions += _backups(session, backup_dir)
        conditions += _full_backups(session, backup_dir, now)
        conditions += _copies(session, backup_dir, copy_dir, now)
        conditions += _runs(session)
        conditions += _chain(session)
        conditions += _drift(session)
        conditions += _alerts(session, now)
    folders = {"BACKUP_DIR": backup_dir, "LOG_DIR": log_dir}
    if copy_dir is not None and copy_dir.is_dir():
        folders["BACKUP_COPY_DIR"] = copy_dir
    conditions += _disk(session, folders)
    return Health(str(name), now, tuple(conditions))


def _schema(session: Session) -> Iterator[Condition]:
    found, expected = current_revision(session), head_revision()
    if found == expected:
        yield Condition("schema", "ok", "health_schema", {"revision": found})
    else:
        params: dict[str, object] = {"found": found or "-", "expected": expected}
        yield Condition("schema", "bad", "health_schema_other", params)


def _backups(session: Session, directory: Path) -> Iterator[Condition]:
    """Every closed month's backup is there; the last month's is read whole and compared."""
    extratos = session.scalars(
        select(Extrato)
        .where(Extrato.superseded_at.is_(None), Extrato.source == "closing")
        .order_by(Extrato.year.desc(), Extrato.month.desc())
    ).all()
    if not extratos:
        yield Condition("backups", "ok", "health_nothing_closed", {})
        return
    on_record: dict[Month, list[BackupRow]] = {}
    for row in list_backups(session, directory):
        on_record.setdefault(row.month, []).append(row)
    missing = 0
    for number, extrato in enumerate(extratos):
        month = Month(extrato.year, extrato.month)
        rows = on_record.get(month, [])
        present = [row for row in rows if row.present]
        if present and number == 0:
            yield _read_whole(session, month, present[0])
        if present:
            continue
        missing += 1
        used = next((row for row in rows if row.id == extrato.backup_id), None) or next(
            iter(rows), None
        )
        if used is None:
            params: dict[str, object] = {"month": month.label}
            yield Condition("backups", "warning", "health_backup_none", params)
        else:
            params = {"month": month.label, "name": used.path.name}
            yield Condition("backups", "bad", "health_backup_gone", params)
    if not missing:
        yield Condition("backups", "ok", "health_backups", {"count": len(extratos)})


def _read_whole(session: Session, month: Month, row: BackupRow) -> Condition:
    params: dict[str, object] = {"month": month.label, "name": row.path.name}
    try:
        stale = verify_backup(session, row.path).stale
    except RuleError as error:
        return Condition("backups", "bad", error.code, error.params)
    if stale:
        return Condition("backups", "bad", "backup_stale", {**params, "table": ", ".join(stale)})
    return Condition("backups", "ok", "health_backup_verified", params)


def _full_backups(session: Session, directory: Path, now: datetime) -> Iterator[Condition]:
    kept = select(FullBackup).where(FullBackup.removed_at.is_(None)).order_by(FullBackup.id.desc())
    newest = session.scalars(kept.limit(1)).one_or_none()
    if newest is None:
        yield Condition("backups", "warning", "health_full_none", {})
        return
    params: dict[str, object] = {"name": newest.file_name, "hours": _hours(now - newest.created_at)}
    path = next(directory.rglob(newest.file_name), None)
    if path is None:
        yield Condition("backups", "bad", "health_full_gone", params)
    elif not _is_as_made(path, newest):
        yield Condition("backups", "bad", "health_full_changed", params)
    elif now - newest.created_at > _FULL_AGE:
        yield Condition("backups", "bad", "health_full_old", params)
    else:
        yield Condition("backups", "ok", "health_full", params)
    drilled = session.scalars(
        select(FullBackup)
        .where(FullBackup.drilled_at.is_not(None))
        .order_by(FullBackup.drilled_at.desc())
        .limit(1)
    ).one_or_none()
    if drilled is None or drilled.drilled_at is None:
        yield Condition("backups", "warning", "health_drill_none", {})
    elif drilled.drill_message is not None:
        reason = drilled.drill_message.rstrip(".")
        told: dict[str, object] = {"name": drilled.file_name, "reason": reason}
        yield Condition("backups", "bad", "health_drill_failed", told)
    else:
        days = (now - drilled.drilled_at).days
        late = now - drilled.drilled_at > _DRILL_AGE
        code = "health_drill_old" if late else "health_drill"
        yield Condition("backups", "warning" if late else "ok", code, {"days": days})


def _is_as_made(path: Path, backup: FullBackup) -> bool:
    try:
        return path.stat().st_size == backup.file_bytes and file_sha256(path) == backup.file_sha256
    except OSError:
        return False


def _copies(
    session: Session, directory: Path, copy_dir: Path | None, now: datetime
) -> Iterator[Condition]:
    """Every backup that is here for more than a day is in the second place as well."""
    if copy_dir is None:
        if session.scalar(select(func.count()).select_from(FullBackup)):
            yield Condition("backups", "warning", "health_one_place", {"folder": directory})
        return
    if not copy_dir.is_dir():
        yield Condition("backups", "bad", "copy_dir_missing", {"path": copy_dir})
        return
    waiting = [
        *session.scalars(
            select(FullBackup.file_name).where(
                FullBackup.copied_at.is_(None),
                FullBackup.removed_at.is_(None),
                FullBackup.created_at < now - _COPY_AGE,
            )
        ),
        *session.scalars(
            select(Backup.file_name).where(
                Backup.copied_at.is_(None), Backup.created_at < now - _COPY_AGE
            )
        ),
    ]
    late = sum((directory / name).is_file() for name in waiting)
    params: dict[str, object] = {"folder": copy_dir, "count": late}
    if late:
        yield Condition("backups", "bad", "health_not_copied", params)
    else:
        yield Condition("backups", "ok", "health_copied", params)


def _runs(session: Session) -> Iterator[Condition]:
    """A month's last run decides: what failed and was done again later is over."""
    newest = (
        select(func.max(ExtratoRun.id))
        .where(ExtratoRun.rehearsal.is_(False), ExtratoRun.status != "running")
        .group_by(ExtratoRun.month_start)
    )
    runs = session.scalars(
        select(ExtratoRun).where(ExtratoRun.id.in_(newest)).order_by(ExtratoRun.id)
    ).all()
    failed = False
    for run in runs:
        if run.status in ("failed", "died"):
            failed = True
            params: dict[str, object] = {
                "month": Month.of(run.month_start).label,
                "run": run.id,
                "status": run.status,
                "reason": run.message or "-",
            }
            yield Condition("runs", "bad", "health_run_failed", params)
    last_month = Month.of(studio_today(session)).previous()
    closed = session.scalar(
        select(Extrato.id).where(
            Extrato.superseded_at.is_(None),
            Extrato.year == last_month.year,
            Extrato.month == last_month.month,
        )
    )
    if closed is None:
        yield Condition("runs", "warning", "health_month_open", {"month": last_month.label})
    if runs and not failed:
        last = runs[-1]
        params = {"month": Month.of(last.month_start).label, "run": last.id, "status": last.status}
        yield Condition("runs", "ok", "health_run", params)
    elif not runs:
        yield Condition("runs", "ok", "health_run_none", {})


def _chain(session: Session) -> Iterator[Condition]:
    found = verify_chain(session)
    for tampering in found:
        yield Condition("chain", "bad", tampering.code, tampering.params)
    if not found:
        count = session.scalar(select(func.count()).select_from(Extrato)) or 0
        yield Condition("chain", "ok", "health_chain", {"count": count})


def _drift(session: Session) -> Iterator[Condition]:
    """Totals and counts are what the rows add up to."""
    drifted = False
    extratos = session.scalars(
        select(Extrato).where(Extrato.superseded_at.is_(None)).order_by(Extrato.year, Extrato.month)
    ).all()
    for extrato in extratos:
        month = Month(extrato.year, extrato.month)
        now = session.scalars(select(func.studio.month_totals(month.first_day, extrato.id))).one()
        stored = {**extrato.counts, **extrato.totals}
        recomputed = {**now["counts"], **now["totals"]}
        wrong = sorted(name for name in recomputed if recomputed[name] != stored.get(name))
        if wrong:
            drifted = True
            params: dict[str, object] = {"month": month.label, "what": ", ".join(wrong)}
            yield Condition("drift", "bad", "health_drift", params)
    if not drifted:
        yield Condition("drift", "ok", "health_no_drift", {"count": len(extratos)})


def _alerts(session: Session, now: datetime) -> Iterator[Condition]:
    days = _RECENT.days
    # A row of slow queries stands for many executions of one.
    times = func.sum(func.coalesce(Alert.details["count"].as_integer(), 1))
    counted = session.execute(
        select(Alert.kind, case((Alert.kind == "slow_query", times), else_=func.count()))
        .where(Alert.at > now - _RECENT)
        .where((Alert.kind == "slow_query") | Alert.seen_at.is_(None), Alert.severity != "info")
        .group_by(Alert.kind)
        .order_by(Alert.kind)
    )
    recent = {row[0]: row[1] for row in counted}
    slow = recent.pop("slow_query", 0)
    if slow:
        params: dict[str, object] = {"count": slow, "days": days}
        yield Condition("alerts", "warning", "health_slow_queries", params)
    for kind, count in recent.items():
        params = {"kind": kind.replace("_", " "), "count": count, "days": days}
        yield Condition("alerts", "warning", "health_alerts", params)
    if not slow and not recent:
        yield Condition("alerts", "ok", "health_no_alerts", {"days": days})


def _disk(session: Session, folders: dict[str, Path]) -> Iterator[Condition]:
    """There must be room for one more full backup, and better for a few."""
    size = session.scalars(select(func.pg_database_size(func.current_database()))).one()
    yield Condition("disk", "ok", "health_database_size", {"size": readable_size(size)})
    for setting, folder in folders.items():
        existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        room = shutil.disk_usage(existing)
        needed = max(256 * _MIB, size)
        level: Level = "ok"
        if room.free < needed:
            level = "bad"
        elif room.free < 4 * needed or room.free * 20 < room.total:
            level = "warning"
        params: dict[str, object] = {
            "setting": setting,
            "folder": folder,
            "free": readable_size(room.free),
        }
        yield Condition("disk", level, "health_room" if level == "ok" else "health_no_room", params)


def readable_size(size: int) -> str:
    """Bytes as a person reads them, like "12.3 MB"."""
    for unit, scale in (("GB", 1024**3), ("MB", _MIB), ("kB", 1024)):
        if size >= scale:
            return f"{size * 10 // scale / 10} {unit}"
    return f"{size} bytes"


def _hours(age: timedelta) -> int:
    return int(age.total_seconds() // 3600)
