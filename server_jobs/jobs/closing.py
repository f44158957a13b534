"""Backing a month up and closing it, as one piece of work."""

from collections.abc import Callable

from server_jobs.jobs.work import Work
from studio_core.extrato.closing import ClosingOptions, ClosingResult, close_month
from studio_core.extrato.runs import Progress
from studio_core.months import Month
from studio_core.observability import correlation_id, get_logger

_log = get_logger(__name__)


def back_up_and_close(
    work: Work,
    month: Month,
    *,
    force: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> ClosingResult:
    """A fresh backup, then the closing; given up between two steps when the server stops.

    Raises what close_month raises; nothing was moved then.
    """
    log = _log.bind(month=month.label, forced=force)
    log.info("closing_started", batch_size=work.settings.batch_size)
    result = close_month(
        work.database,
        month=month,
        options=ClosingOptions(
            work.settings.backup_dir,
            force=force,
            batch_size=work.settings.batch_size,
            require_backup=work.settings.extrato_require_backup,
            fresh_backup=True,
        ),
        on_progress=on_progress,
        cancelled=work.stopping.is_set,
        correlation_id=correlation_id(),
    )
    log.info(
        "closing_done",
        run=result.run_id,
        digest=result.statement.digest,
        counts=result.statement.counts,
        seconds=round(result.seconds, 3),
        warnings=result.warnings,
    )
    return result
