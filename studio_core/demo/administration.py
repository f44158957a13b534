"""What an owner of the demo studio finds in Administration: what the server did at night, what it
complained of, and how it found the studio every morning."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.alerts.actions import raise_alert
from studio_core.alerts.queries import Severity
from studio_core.db.engine import Database
from studio_core.demo.cast import OWNER
from studio_core.demo.past import as_past
from studio_core.extrato.health_looking import look_and_report
from studio_core.months import Month
from studio_core.people.logins import login_role
from studio_core.sentences import sentence

SERVER = "studio_jobs"
COMPUTER = "estudio-servidor"
MORNINGS = 30
_GONE = 12
_LATELY = 6
"""Mornings ago."""
_LOOKS_AT = time(6, 30)
_SLOW = "SELECT clients.id, clients.name FROM clients WHERE clients.search_key LIKE …"
_THRESHOLD_MS = 1000

# Of a first time that was interrupted.
_BEGUN = (
    "DELETE FROM alerts",
    "DELETE FROM health_reports",
    "DELETE FROM extrato_progress WHERE run_id IN"
    " (SELECT id FROM extrato_runs WHERE status <> 'done')",
    "DELETE FROM extrato_runs WHERE status <> 'done'",
)
_CLOSINGS = (
    """
    UPDATE audit_log SET login_role = :server, acting_role = :server,
        correlation_id = substr(md5('closing ' || row_key), 1, 12),
        at = (CAST(row_key AS date) + interval '1 month' + time '02:00:20') AT TIME ZONE :zone
    WHERE table_name = 'accounting_months' AND action = 'close'
    """,
    """
    UPDATE extrato_runs SET run_by = :server, batch_size = 100,
        correlation_id = substr(md5('closing ' || month_start), 1, 12),
        finished_at = started_at + interval '1 second' * (4 + id % 5)
    """,
    """
    UPDATE audit_log a SET at = r.finished_at, row_key = (r.id * 10)::text, login_role = :server,
        acting_role = :server, user_id = NULL
    FROM extrato_runs r WHERE a.table_name = 'extrato_runs' AND a.row_key = r.id::text
    """,
    """
    UPDATE audit_log a SET at = b.created_at, login_role = :server, acting_role = :server,
        user_id = NULL
    FROM backups b WHERE a.table_name = 'backups' AND a.row_key = b.id::text
    """,
    # Room for the runs in between: their numbers say which came first.
    "UPDATE extratos SET run_id = run_id * 10",
    "UPDATE extrato_progress SET run_id = run_id * -10",
    "UPDATE extrato_progress SET run_id = -run_id",
    "UPDATE extrato_runs SET id = id * -10",
    "UPDATE extrato_runs SET id = -id",
    "SELECT setval(pg_get_serial_sequence('extrato_runs', 'id'), max(id)) FROM extrato_runs",
)
_RUN = """
    INSERT INTO extrato_runs (id, month_start, action, rehearsal, status, message, batch_size,
        run_by, correlation_id, started_at, finished_at)
    SELECT (SELECT min(id) - 1 FROM extrato_runs WHERE month_start = :month), :month, 'close',
        :rehearsal, :status, :message, 100, :run_by,
        substr(md5(CAST(:at AS text)), 1, 12), moment, moment + interval '3 seconds'
    FROM (SELECT CAST(:at AS timestamptz) AS moment) AS run
"""
_MORNING = """
    INSERT INTO health_reports (status, created_at, started_at, looked_at, looked_by, looked_on,
        healthy, conditions)
    SELECT 'done', moment, moment, moment + interval '2 seconds', :server, :computer, :healthy,
        CAST(:conditions AS jsonb)
    FROM (SELECT CAST(:at AS timestamptz) AS moment) AS look
"""


def fill_administration(
    database: Database, *, today: date, zone: ZoneInfo, backup_dir: Path
) -> None:
    """After the months are closed. today: in the studio's zone."""
    last_closed = Month.of(today).previous().previous()
    owner = login_role(str(database.url.database), str(OWNER.email))
    with database.transaction() as session:
        for statement in _BEGUN:
            session.execute(text(statement))
        as_past(session, _CLOSINGS, {"server": SERVER, "zone": zone.key})
        for run in _runs(last_closed, owner, zone):
            as_past(session, (_RUN,), run)
        for alert in _alerts(last_closed, today, zone):
            _raise_in_the_past(session, **alert)
    look_and_report(database, backup_dir=backup_dir, log_dir=backup_dir, looked_on=COMPUTER)
    with database.transaction() as session:
        conditions = session.execute(text("SELECT conditions FROM health_reports")).scalar_one()
        session.execute(text("DELETE FROM health_reports"))
        for at, found in _mornings(conditions, last_closed, today, zone):
            values = {
                "server": SERVER,
                "computer": COMPUTER,
                "at": at,
                "healthy": all(one["level"] != "bad" for one in found),
                "conditions": json.dumps(found),
            }
            session.execute(text(_MORNING), values)


def _runs(month: Month, owner: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What did not go by itself: a full disk one night, and an owner who tried first. Each stands
    right before those of its month that are there already."""
    earlier = month.previous()

    def run(of: Month, at: datetime, status: str, message: str | None, by: str) -> dict[str, Any]:
        return {
            "month": of.first_day,
            "rehearsal": status == "rehearsed",
            "status": status,
            "message": message,
            "run_by": by,
            "at": at,
        }

    full = sentence("disk_full", {"path": "/var/backups/studio"})
    too_early = sentence("month_not_over", {"month": month.label})
    return [
        run(earlier, _night(earlier, zone), "failed", full, SERVER),
        run(month, _night(month, zone) - timedelta(hours=1), "rehearsed", None, owner),
        run(month, _evening(month, zone), "refused", too_early, owner),
    ]


def _alerts(month: Month, today: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """One that somebody still has to look at, and what was settled long ago."""
    earlier = month.previous()
    slow = {
        "statement": _SLOW,
        "fingerprint": "5f0c2b7d9a41",
        "count": 14,
        "worst_ms": 2340,
        "threshold_ms": _THRESHOLD_MS,
        "route": "clients",
        "program": "studio-desktop",
        "target": "127.0.0.1:5432/tattoo_studio",
        "correlation_id": "8c1f0e4b7a92",
    }
    morning = datetime.combine(today, time(9, 12), zone)
    return [
        {
            "kind": "closing_failed",
            "severity": "danger",
            "message": sentence(
                "chore_failed",
                {
                    "chore": sentence("chore_monthly_closing", {"what": earlier.label}),
                    "reason": sentence("disk_full", {"path": "/var/backups/studio"}),
                },
            ),
            "details": {"chore": "monthly closing", "what": earlier.label, "try": 1},
            "at": _night(earlier, zone),
            "seen": _night(earlier, zone).replace(hour=8, minute=41),
        },
        {
            "kind": "health",
            "severity": "danger",
            "message": sentence("health_backup_gone", _gone(month)),
            "details": {"code": "health_backup_gone", "params": _gone(month)},
            "at": datetime.combine(today - timedelta(days=_GONE), _LOOKS_AT, zone),
            "seen": datetime.combine(today - timedelta(days=_GONE), time(9, 3), zone),
        },
        {
            "kind": "slack_failed",
            "severity": "warning",
            "message": sentence("webhook_4xx", {"status": 404}),
            "details": {"failure": "4xx"},
            "at": morning - timedelta(days=41),
            "seen": morning - timedelta(days=40),
        },
        {
            "kind": "slow_query",
            "severity": "warning",
            "message": _slow_message(1612, "reports"),
            "details": {**slow, "count": 3, "worst_ms": 1612, "route": "reports"},
            "at": morning - timedelta(days=2),
            "seen": None,
        },
        {
            "kind": "slow_query",
            "severity": "warning",
            "message": _slow_message(2340, "clients"),
            "details": slow,
            "at": morning - timedelta(days=1),
            "seen": None,
        },
    ]


def _slow_message(milliseconds: int, route: str) -> str:
    values = {"milliseconds": milliseconds, "threshold": _THRESHOLD_MS}
    return sentence("slow_query", {**values, "route": route, "statement": _SLOW})


def _raise_in_the_past(
    session: Session,
    *,
    kind: str,
    severity: Severity,
    message: str,
    details: dict[str, Any],
    at: datetime,
    seen: datetime | None,
) -> None:
    new_id = raise_alert(session, kind=kind, severity=severity, message=message, details=details)
    as_past(
        session,
        (
            "UPDATE alerts SET at = :at, raised_by = :server, seen_at = :seen,"
            " seen_by = CASE WHEN CAST(:seen AS timestamptz) IS NOT NULL THEN"
            " (SELECT id FROM users WHERE email = :email) END WHERE id = :id",
        ),
        {"at": at, "server": SERVER, "seen": seen, "email": OWNER.email, "id": new_id},
    )


def _mornings(
    conditions: list[dict[str, Any]], month: Month, today: date, zone: ZoneInfo
) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """The last weeks, oldest first; on one morning a backup was not in its place."""
    gone = {"subject": "backups", "level": "bad", "code": "health_backup_gone"}
    found = []
    for number in range(MORNINGS, -1, -1):
        at = datetime.combine(today, _LOOKS_AT, zone)
        bad = [{**gone, "params": _gone(month)}] if number == _GONE else []
        # What somebody should see to has come up lately.
        seen = conditions if number < _LATELY else [one for one in conditions if _is_ok(one)]
        found.append((at - timedelta(days=number), [*bad, *seen]))
    return found


def _is_ok(condition: dict[str, Any]) -> bool:
    return bool(condition["level"] == "ok")


def _gone(month: Month) -> dict[str, object]:
    return {"month": month.label, "name": f"{month.label}.backup.zip"}


def _night(month: Month, zone: ZoneInfo) -> datetime:
    """The one after a month's end."""
    return datetime.combine(month.first_day_after, time(2, 0, 4), zone)


def _evening(month: Month, zone: ZoneInfo) -> datetime:
    """Of the day before a month's last."""
    return datetime.combine(month.last_day - timedelta(days=1), time(19, 22, 31), zone)
