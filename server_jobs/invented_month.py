"""An invented month of any size, for measuring and proving: never in a studio's own database."""

from dataclasses import dataclass

from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.db.time_outs import allow_long_work
from studio_core.months import Month

# One statement a table, in the order of their references. Four sessions to five payments, three
# payments in four earn a commission, an expense to ten payments, a client to eight.
_STATEMENTS = (
    """
    INSERT INTO users (name, is_artist, commission_percent)
    SELECT 'Artist ' || g, true, CASE g % 4 WHEN 0 THEN 0 ELSE 40 + g END
    FROM generate_series(1, 8) AS g WHERE NOT EXISTS (SELECT FROM users WHERE is_artist)
    """,
    """
    INSERT INTO clients (name)
    SELECT 'Client ' || g FROM generate_series(1, greatest(5, :payments / 8)) AS g
    WHERE NOT EXISTS (SELECT FROM clients)
    """,
    """
    INSERT INTO sessions (client_id, artist_id, starts_at, ends_at, type, project, agreed_price,
                          status, overlap_allowed)
    SELECT c.first + g % c.count, u.first + g % 8, day, day + interval '2 hours', 'tattoo',
           'Project ' || g, 150 + g % 900,
           (ARRAY['paid', 'paid', 'paid', 'paid', 'to_pay', 'cancelled', 'no_show',
                  'scheduled'])[1 + g % 8], true
    FROM generate_series(1, greatest(1, :payments * 4 / 5)) AS g
    CROSS JOIN LATERAL (SELECT studio.day_start(CAST(:first AS date) + CAST(g % :days AS integer))
                               + interval '11 hours' + interval '1 minute' * (g % 480) AS day) AS d
    CROSS JOIN (SELECT min(id) AS first, count(*) AS count FROM clients) AS c
    CROSS JOIN (SELECT min(id) AS first FROM users WHERE is_artist) AS u
    """,
    """
    INSERT INTO payments (paid_on, amount, tip_amount, method, client_id, artist_id, session_id,
                          commission_percent, notes)
    SELECT CAST(:first AS date) + CAST(g % :days AS integer), 50 + g % 950 + 0.25,
           CASE g % 5 WHEN 0 THEN 10 ELSE 0 END,
           (ARRAY['pix', 'cash', 'credit', 'debit'])[1 + g % 4],
           CASE WHEN g % 9 > 0 THEN c.first + g % c.count END, u.first + g % 8,
           CASE WHEN g <= s.count THEN s.first + g - 1 END,
           CASE g % 4 WHEN 0 THEN 0 ELSE 40 + g % 8 END,
           CASE g % 3 WHEN 0 THEN 'Payment number ' || g END
    FROM generate_series(1, :payments) AS g
    CROSS JOIN (SELECT min(id) AS first, count(*) AS count FROM clients) AS c
    CROSS JOIN (SELECT min(id) AS first FROM users WHERE is_artist) AS u
    CROSS JOIN (SELECT min(id) AS first, count(*) AS count FROM sessions
                WHERE starts_at >= studio.day_start(:first)
                  AND starts_at < studio.day_start(:after)) AS s
    """,
    """
    INSERT INTO commissions (payment_id, artist_id, percent, amount, accrued_on)
    SELECT id, artist_id, commission_percent, round(amount * commission_percent / 100, 2), paid_on
    FROM payments WHERE paid_on >= :first AND paid_on < :after AND commission_percent > 0
    """,
    """
    INSERT INTO expenses (spent_on, amount, description, category, method)
    SELECT CAST(:first AS date) + CAST(g % :days AS integer), 10 + g % 90 + 0.10,
           'Expense number ' || g, (ARRAY['materials', 'rent', 'other'])[1 + g % 3],
           (ARRAY['cash', 'transfer'])[1 + g % 2]
    FROM generate_series(1, greatest(1, :payments / 10)) AS g
    """,
)


@dataclass(frozen=True, slots=True)
class MonthSize:
    """How many rows of each table a month of so many payments has; for saying so."""

    payments: int
    sessions: int
    commissions: int
    expenses: int


def fill_month(admin: Database, month: Month, payments: int) -> MonthSize:
    """Adds a month of invented rows, each table by one statement.

    admin: a superuser, who may step around the triggers: audit and locks are not what is measured.
    """
    bounds = {
        "first": month.first_day,
        "after": month.first_day_after,
        "days": month.last_day.day,
        "payments": payments,
    }
    with admin.transaction() as session:
        allow_long_work(session)
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in _STATEMENTS:
            asked = text(statement)
            known = {name: value for name, value in bounds.items() if f":{name}" in statement}
            session.execute(asked, known)
        held = session.execute(
            text("SELECT studio.month_rows(:first)"), {"first": month.first_day}
        ).scalar_one()
    with admin.connection() as connection:
        allow_long_work(connection)
        connection.exec_driver_sql("VACUUM (ANALYZE)")
    return MonthSize(**{table: rows["rows"] for table, rows in held.items()})
