"""Looking at the studio's health: every day, after a closing, and when an owner asks."""

import socket
from datetime import datetime, timedelta

from server_jobs.jobs.hearing import Hearing
from server_jobs.jobs.work import Chore, Work
from studio_core.errors import AlreadyRunningError, StudioError
from studio_core.extrato.health_looking import look_and_report
from studio_core.extrato.health_reports import health_due, health_is_asked_for
from studio_core.observability import correlation, get_logger
from studio_core.settings.queries import studio_zone

_log = get_logger(__name__)

_HOUR, _MINUTE = 6, 30
"""Before anybody comes in, and long after the night's backups."""


def look(work: Work) -> None:
    """One look, kept for the owners. Raises AlreadyRunningError while another server looks."""
    health = look_and_report(
        work.database,
        backup_dir=work.settings.backup_dir,
        log_dir=work.settings.log_dir,
        looked_on=socket.gethostname(),
        copy_dir=work.settings.backup_copy_dir,
    )
    bad = [condition.code for condition in health.conditions if condition.level == "bad"]
    _log.info("health_looked_at", healthy=health.healthy, bad=bad)


def look_if_asked(work: Work) -> None:
    """Answers an owner who waits at a desk; why nobody could look stands in the report."""
    with work.database.transaction() as session:
        if not health_is_asked_for(session):
            return
    with correlation():
        try:
            look(work)
        except AlreadyRunningError:
            pass  # Another server answers.
        except StudioError as error:
            _log.warning("health_not_looked_at", code=error.code, sentence=str(error))


def health_requests(work: Work) -> Hearing:
    """Hears owners asking. Apart from the chores: a backup under way must not keep them waiting."""
    return Hearing(work, "health", "health_reports", look_if_asked)


def _due(work: Work) -> str | None:
    with work.database.transaction() as session:
        zone = studio_zone(session)
        shown = work.clock.now().astimezone(zone)
        return health_due(session, since=work.clock.true(_last_morning(shown)))


def _last_morning(now: datetime) -> datetime:
    """now: in the studio's zone."""
    morning = now.replace(hour=_HOUR, minute=_MINUTE, second=0, microsecond=0)
    return morning if morning <= now else morning - timedelta(days=1)


DAILY_HEALTH = Chore(
    name="health",
    title="chore_health",
    alert="health_failed",
    at={"hour": _HOUR, "minute": _MINUTE},
    due=_due,
    do=look,
)
