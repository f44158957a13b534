"""Reports of the studio's health: asked for, due, and read. health_looking.py makes them.

A desk on a server cannot see the server's folders, so a server looks and keeps what it found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from studio_core.extrato.health import Condition, Level, worst
from studio_core.extrato.models import ExtratoRun, HealthReport
from studio_core.people.models import User, UserLogin


@dataclass(frozen=True)
class Report:
    """One look at the studio's health.

    status: waiting, looking, done or failed. healthy, conditions: of one that is done.
    looked_by: the person's name, else the login; None while nobody has begun. asked_by: a name,
    None where nobody asked. message: in English, why nobody could look.
    """

    id: int
    status: str
    created_at: datetime
    asked_by: str | None
    started_at: datetime | None
    looked_at: datetime | None
    looked_by: str | None
    looked_on: str | None
    healthy: bool | None
    conditions: tuple[Condition, ...]
    message: str | None

    @property
    def over(self) -> bool:
        return self.status in ("done", "failed")

    @property
    def level(self) -> Level:
        """The worst of all conditions."""
        return worst(self.conditions)

    def of_subject(self, subject: str) -> tuple[Condition, ...]:
        return tuple(found for found in self.conditions if found.subject == subject)


def request_health(session: Session) -> int:
    """Files an owner's wish that a server looks; the report's id, or that of one waiting already.

    Raises RuleError("not_allowed") for anybody else.
    """
    report_id: int = session.execute(select(func.studio.request_health())).scalar_one()
    return report_id


def health_report(session: Session, report_id: int) -> Report | None:
    """One report; None where there is none of that id."""
    found = session.execute(_reports().where(HealthReport.id == report_id)).one_or_none()
    return None if found is None else _report(*found)


def recent_reports(session: Session, *, limit: int = 30) -> tuple[Report, ...]:
    """Looks that came to an end, newest first."""
    statement = (
        _reports()
        .where(HealthReport.status == "done")
        .order_by(HealthReport.id.desc())
        .limit(limit)
    )
    return tuple(_report(*found) for found in session.execute(statement))


def health_is_asked_for(session: Session) -> bool:
    """Whether somebody waits for a server to look."""
    waiting = select(HealthReport.id).where(HealthReport.status == "waiting").limit(1)
    return session.scalar(waiting) is not None


def health_due(session: Session, *, since: datetime) -> str | None:
    """Why health should be looked at now, as a word for the log; None when it need not be.

    since: a look before that is too old. A month closed or reopened later makes it due as well.
    """
    last: datetime | None = session.scalar(
        select(HealthReport.started_at)
        .where(HealthReport.status == "done")
        .order_by(HealthReport.id.desc())
        .limit(1)
    )
    if last is None or last < since:
        return "daily"
    ended = select(ExtratoRun.id).where(
        ExtratoRun.rehearsal.is_(False), ExtratoRun.status == "done", ExtratoRun.finished_at > last
    )
    return "after a closing" if session.scalar(ended.limit(1)) is not None else None


def conditions_of(row: HealthReport) -> tuple[Condition, ...]:
    """The conditions as they were found, with params that are plain values."""
    return tuple(_condition(stored) for stored in row.conditions)


def _reports() -> Select[HealthReport, str, str]:
    asker, looker = aliased(User), aliased(User)
    return (
        select(HealthReport, asker.name, looker.name)
        .outerjoin(asker, asker.id == HealthReport.asked_by)
        .outerjoin(UserLogin, UserLogin.role_name == HealthReport.looked_by)
        .outerjoin(looker, looker.id == UserLogin.user_id)
    )


def _report(row: HealthReport, asked_by: str | None, looked_by: str | None) -> Report:
    return Report(
        id=row.id,
        status=row.status,
        created_at=row.created_at,
        asked_by=asked_by,
        started_at=row.started_at,
        looked_at=row.looked_at,
        looked_by=looked_by or row.looked_by,
        looked_on=row.looked_on,
        healthy=row.healthy,
        conditions=conditions_of(row),
        message=row.message,
    )


def _condition(stored: Mapping[str, Any]) -> Condition:
    return Condition(stored["subject"], stored["level"], stored["code"], dict(stored["params"]))
