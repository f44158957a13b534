"""Giving the demo studio its past: rows that say when and by whom they were written.

Only a demo may do so. Triggers stamp every row with the moment at which it is really written, so
this steps around them, which only a superuser can.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

# Each is one statement over a whole table. A payment was typed when its session ended, an expense
# in the morning of its day; nothing was typed in the future.
_ROWS = (
    """
    UPDATE clients SET created_at = typed.at, updated_at = typed.at,
        created_by = :receptionist, updated_by = :receptionist
    FROM (SELECT c.id, least(
              coalesce((SELECT min(s.starts_at) FROM sessions s WHERE s.client_id = c.id)
                  - interval '3 days',
                  (CAST(:first AS date) + CAST(c.id % 700 AS integer) + time '11:20')
                      AT TIME ZONE :zone),
              (CAST(:today AS date) + time '10:05') AT TIME ZONE :zone) AS at
          FROM clients c) AS typed
    WHERE typed.id = clients.id
    """,
    """
    UPDATE sessions SET created_at = typed.at, updated_at = greatest(typed.at,
        least(ends_at, (CAST(:today AS date) + time '14:30') AT TIME ZONE :zone)),
        created_by = :receptionist, updated_by = :receptionist
    FROM (SELECT id, least(starts_at - interval '1 day' * (2 + id % 19),
              (CAST(:today AS date) + time '10:05') AT TIME ZONE :zone) AS at
          FROM sessions) AS typed
    WHERE typed.id = sessions.id
    """,
    """
    UPDATE payments SET created_at = typed.at, created_by = :receptionist,
        updated_by = :receptionist,
        updated_at = CASE WHEN voided_at IS NULL THEN typed.at
                     ELSE typed.at + interval '20 minutes' END,
        voided_at = CASE WHEN voided_at IS NOT NULL THEN typed.at + interval '20 minutes' END,
        voided_by = CASE WHEN voided_at IS NOT NULL THEN :manager END
    FROM (SELECT p.id, coalesce(CASE WHEN s.status = 'paid' AND p.kind = 'sale' THEN s.ends_at END,
              (p.paid_on + time '10:30' + interval '1 minute' * (p.id % 190)) AT TIME ZONE :zone)
              AS at
          FROM payments p LEFT JOIN sessions s ON s.id = p.session_id) AS typed
    WHERE typed.id = payments.id
    """,
    """
    UPDATE commissions SET created_at = p.created_at, created_by = p.created_by,
        updated_at = p.updated_at, updated_by = p.updated_by, voided_at = p.voided_at,
        voided_by = p.voided_by
    FROM payments p WHERE p.id = commissions.payment_id
    """,
    """
    UPDATE expenses SET created_at = typed.at, updated_at = typed.at,
        created_by = :manager, updated_by = :manager
    FROM (SELECT id, (spent_on + time '09:10' + interval '1 minute' * (id % 55))
              AT TIME ZONE :zone AS at FROM expenses) AS typed
    WHERE typed.id = expenses.id
    """,
    """
    UPDATE users SET created_at = (CAST(:first AS date) + time '09:00') AT TIME ZONE :zone,
        updated_at = (CAST(:first AS date) + time '09:00') AT TIME ZONE :zone
    """,
    """
    UPDATE stock_movements SET moved_by = :manager
    """,
)

_CLOSINGS = (
    """
    UPDATE extratos SET closed_by = :owner, closed_at =
        (make_date(CAST(year AS integer), CAST(month AS integer), 1)
            + interval '1 month' + time '02:00:20') AT TIME ZONE :zone
    """,
    """
    UPDATE backups SET created_at =
        ((month_start + interval '1 month' + time '02:00:05') AT TIME ZONE :zone)
    """,
    """
    UPDATE extrato_runs SET
        started_at = ((month_start + interval '1 month' + time '02:00:10') AT TIME ZONE :zone),
        finished_at = ((month_start + interval '1 month' + time '02:00:20') AT TIME ZONE :zone)
    """,
)


def set_back(
    session: Session, *, first: date, today: date, zone: ZoneInfo, receptionist: int, manager: int
) -> None:
    """Rows of every day are dated as if the people of the studio had typed them then."""
    values = {
        "first": first,
        "today": today,
        "zone": zone.key,
        "receptionist": receptionist,
        "manager": manager,
    }
    as_past(session, _ROWS, values)


def set_closings_back(session: Session, *, zone: ZoneInfo, owner: int) -> None:
    """Each month was closed in the night after it ended. The digests leave these columns out."""
    as_past(session, _CLOSINGS, {"zone": zone.key, "owner": owner})


def as_past(session: Session, statements: Sequence[str], values: Mapping[str, object]) -> None:
    """Past the triggers that stamp whatever is written with this moment."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        asked = {name: value for name, value in values.items() if f":{name}" in statement}
        session.execute(text(statement), asked)
    session.execute(text("SET LOCAL session_replication_role = origin"))
