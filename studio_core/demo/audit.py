"""Who typed what in the demo studio, and when: its audit tells the same story as its rows."""

import random

from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.demo.cast import MANAGER, RECEPTIONIST
from studio_core.demo.past import as_past
from studio_core.people.logins import login_role

# Something was mended now and then. Of each hundred the one that chance names.
_MENDED = (
    """
    UPDATE clients SET phone = left(phone, -2) || (10 + id % 90), whatsapp_opt_in = true
    WHERE id % 25 = :one AND phone IS NOT NULL
    """,
    """
    UPDATE sessions SET agreed_price = agreed_price + 50, notes = 'Ficou maior que o combinado'
    WHERE id % 100 = :one AND agreed_price > 0
    """,
    """
    UPDATE payments SET notes = 'Recibo entregue por e-mail'
    WHERE id % 100 = :one AND voided_at IS NULL
    """,
    """
    UPDATE expenses SET category = 'services'
    WHERE id % 100 = :one AND voided_at IS NULL AND category <> 'services'
    """,
)
_LOGINS = "CREATE TEMPORARY TABLE demo_logins (user_id bigint, role_name text) ON COMMIT DROP"
_SIGNED = """
    login_role = coalesce(l.role_name, a.login_role),
    acting_role = coalesce(l.role_name, a.acting_role),
    correlation_id = substr(md5(a.action || a.table_name || a.row_key), 1, 12)
"""
_TYPED = tuple(
    f"""
    UPDATE audit_log a SET at = least(r.created_at, now()), user_id = r.created_by, {_SIGNED},
        after = a.after || jsonb_build_object('created_at', r.created_at,
            'created_by', r.created_by, 'updated_at', r.created_at, 'updated_by', r.created_by)
    FROM {table} r LEFT JOIN demo_logins l ON l.user_id = r.created_by
    WHERE a.table_name = '{table}' AND a.action = 'insert' AND a.row_key = r.id::text
    """  # noqa: S608  Our own table names.
    for table in ("clients", "sessions", "payments", "commissions", "expenses")
)
_CHANGED = tuple(
    f"""
    UPDATE audit_log a SET at = least(r.at, now()), user_id = r.by, {_SIGNED},
        after = a.after || jsonb_build_object('updated_at', least(r.at, now()), 'updated_by', r.by)
    FROM (SELECT id, {at} AS at, {by} AS by FROM {table}) r
    LEFT JOIN demo_logins l ON l.user_id = r.by
    WHERE a.table_name = '{table}' AND a.action = 'update' AND a.row_key = r.id::text
    """  # noqa: S608  The same.
    for table, at, by in (
        ("clients", "created_at + interval '40 days'", "updated_by"),
        ("sessions", "updated_at", "updated_by"),
        ("payments", "coalesce(voided_at, updated_at)", "coalesce(voided_by, updated_by)"),
        ("commissions", "coalesce(voided_at, updated_at)", "coalesce(voided_by, updated_by)"),
        ("expenses", "updated_at", "updated_by"),
    )
)
_REST = (
    """
    UPDATE audit_log a SET at = m.moved_at, user_id = m.moved_by FROM stock_movements m
    WHERE a.table_name = 'stock_movements' AND a.row_key = m.id::text
    """,
    # Each movement changed one balance, in the order of the movements.
    """
    UPDATE audit_log a SET at = m.moved_at, user_id = m.moved_by
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM audit_log
          WHERE table_name = 'stock_items' AND action = 'update') b
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM stock_movements) m USING (place)
    WHERE a.id = b.id
    """,
    """
    UPDATE audit_log SET at = (SELECT min(created_at) FROM users)
    WHERE table_name IN ('users', 'settings', 'client_flags')
        OR table_name = 'stock_items' AND action = 'insert'
    """,
)


def mend_some(session: Session, chance: random.Random) -> None:
    """So that the audit holds more than new rows. Before the rows are dated back."""
    for statement in _MENDED:
        session.execute(text(statement), {"one": chance.randrange(25)})


def set_audit_back(session: Session, database_name: str) -> None:
    """Every change was made by whoever typed its row, and then. After the rows are dated back."""
    session.execute(text(_LOGINS))
    for member in (RECEPTIONIST, MANAGER):
        session.execute(
            text("INSERT INTO demo_logins SELECT id, :role FROM users WHERE email = :email"),
            {"role": login_role(database_name, str(member.email)), "email": member.email},
        )
    as_past(session, (*_TYPED, *_CHANGED, *_REST), {})
