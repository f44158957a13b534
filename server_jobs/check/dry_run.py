"""What the next closing would do, told from reading alone."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.config import Settings
from studio_core.errors import RuleError
from studio_core.extrato.backup import newest_backup, verify_backup
from studio_core.extrato.queries import Statement, preview
from studio_core.ledger.queries import month_state, studio_today
from studio_core.months import Month


@dataclass(frozen=True, slots=True)
class DryRun:
    """statement, rows: None when the month is closed already. backup: one word or a sentence."""

    month: Month
    statement: Statement | None
    rows: dict[str, int]
    batches: int
    backup: str

    @property
    def closed(self) -> bool:
        return self.statement is None

    def __str__(self) -> str:
        if self.closed:
            return f"{self.month.label} is closed already; there is nothing to do."
        rows = ", ".join(f"{count} {table}" for table, count in self.rows.items())
        return f"{self.month.label} would be closed: {rows}, in {self.batches} steps. {self.backup}"


def dry_run(session: Session, settings: Settings) -> DryRun:
    """Of last month by the studio's calendar, with the batch size and backups of the settings."""
    month = Month.of(studio_today(session)).previous()
    if month_state(session, month) == "closed":
        return DryRun(month, None, {}, 0, "")
    held = session.scalars(select(func.studio.month_rows(month.first_day))).one()
    rows = {table: int(found["rows"]) for table, found in held.items()}
    return DryRun(
        month=month,
        statement=preview(session, month),
        rows=rows,
        batches=sum(-(-count // settings.batch_size) for count in rows.values()),
        backup=_backup(session, month, settings),
    )


def _backup(session: Session, month: Month, settings: Settings) -> str:
    backup = newest_backup(session, month, settings.backup_dir)
    if backup is None:
        return "Its backup would be made first (extrato run --with-backup)."
    try:
        stale = verify_backup(session, backup.path).stale
    except RuleError as error:
        return str(error)
    if stale:
        stale_error = RuleError(
            "backup_stale", name=backup.path.name, month=month.label, table=", ".join(stale)
        )
        return str(stale_error)
    return f"Its backup {backup.path.name} is whole and equal to it."
