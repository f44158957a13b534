"""On the 1st at 02:00 at the studio: backup, then close last month, and what was missed before."""

from server_jobs.jobs.closing import back_up_and_close
from server_jobs.jobs.work import Chore, Work
from studio_core.extrato.due import DUE_DAY, DUE_HOUR, calendar
from studio_core.months import Month


def close_due_months(work: Work) -> None:
    """Closes what is due, oldest first. Raises what the first refused month raises."""
    while months := _due(work):
        back_up_and_close(work, months[0])


def _due(work: Work) -> tuple[Month, ...]:
    with work.database.transaction() as session:
        return calendar(session).due(work.clock.now())


def _named(work: Work) -> str | None:
    months = _due(work)
    return months[0].label if months else None


MONTHLY_CLOSING = Chore(
    name="monthly closing",
    title="chore_monthly_closing",
    alert="closing_failed",
    at={"day": DUE_DAY, "hour": DUE_HOUR, "minute": 0},
    due=_named,
    do=close_due_months,
)
