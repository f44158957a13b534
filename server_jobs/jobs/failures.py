"""What went wrong with a chore: an alert for people, and how long to wait before another try.

The alerts themselves are the memory, so all servers on a database share one back-off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from server_jobs.jobs.work import Chore
from studio_core.alerts.actions import raise_alert
from studio_core.alerts.models import Alert
from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.observability import correlation_id, get_logger
from studio_core.sentences import sentence

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait after each failure, in seconds; after the last one it is given up.

    A server that starts afresh begins anew: somebody may have mended what was broken.
    """

    waits_s: tuple[int, ...] = (60, 300, 900, 3600, 3600, 3600)

    def says_wait(self, session: Session, chore: Chore, what: str, since: datetime) -> bool:
        """Whether it is too early for another try. since: when this server started."""
        tries, newest, now = session.execute(
            select(func.count(), func.max(Alert.at), func.clock_timestamp()).where(
                *_tries_of(chore, what, since)
            )
        ).one()
        if not tries:
            return False
        if tries > len(self.waits_s):
            return True
        return bool(now < newest + timedelta(seconds=self.waits_s[tries - 1]))

    def note(
        self, database: Database, chore: Chore, what: str, reason: str, since: datetime
    ) -> None:
        """Raises the alert of one failure. Raises StudioError when that cannot be written."""
        with database.transaction() as session:
            tries = (
                1
                + session.execute(
                    select(func.count()).select_from(Alert).where(*_tries_of(chore, what, since))
                ).scalar_one()
            )
            last = tries > len(self.waits_s)
            message = str(
                RuleError(
                    "chore_given_up" if last else "chore_failed",
                    chore=sentence(chore.title, {"what": what}),
                    reason=reason,
                    tries=tries,
                )
            )
            details = {
                "chore": chore.name,
                "what": what,
                "try": tries,
                "correlation_id": correlation_id(),
            }
            raise_alert(
                session, kind=chore.alert, severity="danger", message=message, details=details
            )
        _log.error("chore_failed", chore=chore.name, what=what, tries=tries, reason=reason)


def _tries_of(chore: Chore, what: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Failures from the future are none: the database's clock was ahead, and was set right."""
    return (
        Alert.kind == chore.alert,
        Alert.at > since,
        Alert.at <= func.clock_timestamp(),
        Alert.details["chore"].astext == chore.name,
        Alert.details["what"].astext == what,
    )
