"""The whole work of closing a month from a desk: a fresh backup, then the closing itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, ClosingResult, close_month, reopen_month
from studio_core.extrato.runs import Progress
from studio_core.months import Month
from studio_desktop.tasks.runner import JobControl

if TYPE_CHECKING:
    from studio_core.db.engine import Database

STAGES = ("backup", "lock", "payments", "commissions", "expenses", "sessions", "totals")
"""In the order in which they are done."""

_PLACES = {"begin": 1, "backup": 1, "totals": 6, "done": 7} | {
    table: STAGES.index(table) for table in ("payments", "commissions", "expenses", "sessions")
}
# How much of the bar the backup takes, and where the moving of rows ends.
_BACKED_UP, _MOVED = 200, 950


@dataclass(frozen=True)
class ClosingStep:
    """How far it is. writing: what the closing later checks is still being written.

    stage, rows_done, rows_total: as the core reports them.
    """

    writing: bool
    stage: str
    rows_done: int
    rows_total: int

    @property
    def place(self) -> int:
        """Which of STAGES is under way; the number of them when all are done."""
        return 0 if self.writing else _PLACES.get(self.stage, 1)

    @property
    def permille(self) -> int:
        """Of the whole work."""
        share = self.rows_done / self.rows_total if self.rows_total else 0.0
        if self.writing:
            return round(_BACKED_UP * share)
        if self.stage in ("begin", "backup"):
            return _BACKED_UP
        if self.stage == "done":
            return 1000
        return round(_BACKED_UP + (_MOVED - _BACKED_UP) * share)


def close_with_backup(
    database: "Database", control: JobControl, *, month: Month, options: ClosingOptions
) -> ClosingResult:
    """Reports ClosingSteps. Raises what the core's functions raise; nothing was moved then."""
    create_backup(
        database,
        month=month,
        directory=options.backup_dir,
        on_progress=_reporter(control, writing=True),
    )
    _stop_if_cancelled(control)
    return close_month(
        database,
        month=month,
        options=options,
        on_progress=_reporter(control, writing=False),
        cancelled=control.cancelled,
    )


def reopen(database: "Database", _control: JobControl, *, month: Month, reason: str) -> int:
    """One transaction that cannot be stopped half-way."""
    return reopen_month(database, month=month, reason=reason)


def _reporter(control: JobControl, *, writing: bool) -> Callable[[Progress], None]:
    return partial(_report, control, writing)


def _report(control: JobControl, writing: bool, progress: Progress) -> None:
    if writing:
        _stop_if_cancelled(control)
    control.report(ClosingStep(writing, progress.stage, progress.rows_done, progress.rows_total))


def _stop_if_cancelled(control: JobControl) -> None:
    if control.cancelled():
        raise RuleError("closing_cancelled")
