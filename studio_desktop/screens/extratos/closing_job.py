"""Closing and reopening a month over the desk's own connection."""

from typing import TYPE_CHECKING

from studio_core.extrato.closing import ClosingOptions, ClosingResult, close_month, reopen_month
from studio_core.extrato.runs import Progress
from studio_core.months import Month
from studio_desktop.screens.extratos.closing_step import ClosingStep
from studio_desktop.tasks.runner import JobControl

if TYPE_CHECKING:
    from studio_core.db.engine import Database


def close(
    database: "Database", control: JobControl, *, month: Month, options: ClosingOptions
) -> ClosingResult:
    """Reports ClosingSteps. Raises what close_month raises; nothing was moved then."""

    def progressed(progress: Progress) -> None:
        control.report(ClosingStep(progress.stage, progress.rows_done, progress.rows_total))

    return close_month(
        database,
        month=month,
        options=options,
        on_progress=progressed,
        cancelled=control.cancelled,
    )


def reopen(database: "Database", _control: JobControl, *, month: Month, reason: str) -> int:
    """One transaction that cannot be stopped half-way."""
    return reopen_month(database, month=month, reason=reason)
