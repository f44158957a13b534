"""The same work as a closing, as a good DBA would write it for one occasion: one transaction of
plain SQL, a statement a table, no batches, no progress, no backup and no way to cancel.

What it is compared with does not get the better of it by doing less: the same rows are moved and
copied, with the same row hashes, digests, totals, names, chain and checks of count and sum.
"""

import time

from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.db.time_outs import allow_long_work
from studio_core.months import Month

_MOVED = (("payments", "paid_on"), ("commissions", "accrued_on"), ("expenses", "spent_on"))

_LOCK = """
    SELECT state FROM public.accounting_months WHERE month_start = :month FOR UPDATE
"""
_MOVE = """
    INSERT INTO archive.{table} (extrato_id, row_hash, {columns})
    SELECT :target, studio.row_hash(p), {columns} FROM public.{table} p
    WHERE {day} >= :month AND {day} < :after
"""
_LEAVE = "DELETE FROM public.{table} WHERE {day} >= :month AND {day} < :after"
_COPY = """
    INSERT INTO archive.sessions (extrato_id, row_hash, {columns})
    SELECT :target, studio.row_hash(p), {columns} FROM public.sessions p
    WHERE status IN ('to_pay', 'paid', 'cancelled', 'no_show')
      AND starts_at >= studio.day_start(:month) AND starts_at < studio.day_start(:after)
"""
_NAMES = """
    INSERT INTO archive.names (extrato_id, kind, ref_id, name)
    SELECT :target, 'client', id, coalesce(social_name, name) FROM public.clients
    WHERE id IN (SELECT client_id FROM archive.payments WHERE extrato_id = :target
                 UNION SELECT client_id FROM archive.sessions WHERE extrato_id = :target)
    UNION ALL
    SELECT :target, 'artist', id, name FROM public.users
    WHERE id IN (SELECT artist_id FROM archive.payments WHERE extrato_id = :target
                 UNION SELECT artist_id FROM archive.commissions WHERE extrato_id = :target
                 UNION SELECT artist_id FROM archive.sessions WHERE extrato_id = :target)
"""
_EXTRATO = """
    WITH made AS (
        SELECT studio.month_totals(:month, :target) AS sums,
               CAST(CAST(:arrived AS text) AS jsonb) AS arrived)
    INSERT INTO public.extratos (id, year, month, version, closing_order, counts, totals,
                                 table_digests, previous_digest, digest)
    SELECT :target, extract(year FROM CAST(:month AS date)),
           extract(month FROM CAST(:month AS date)), 1, 1, sums -> 'counts', sums -> 'totals',
           arrived, '', encode(sha256(convert_to(json_build_array('extrato/1', sums, arrived)::text,
                                                 'UTF8')), 'hex')
    FROM made
"""
_CLOSE = """
    UPDATE public.accounting_months SET state = 'closed', changed_at = now()
    WHERE month_start = :month
"""
_COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = CAST('public.' || :table AS regclass) AND attnum > 0 AND NOT attisdropped
"""


def close_by_hand(admin: Database, month: Month) -> float:
    """Seconds from BEGIN to the end of COMMIT. admin: a superuser.

    Raises ValueError when what left is not what arrived.
    """
    bounds = {"month": month.first_day, "after": month.first_day_after}
    admin.check()
    started = time.perf_counter()
    with admin.transaction() as session:
        allow_long_work(session)
        # Audit and announcements are for people's writes; the closing is exempt as this role.
        session.execute(text("SET LOCAL ROLE studio_closing"))
        session.execute(text(_LOCK), bounds)
        target = session.execute(
            text("SELECT nextval(pg_get_serial_sequence('public.extratos', 'id'))")
        ).scalar_one()
        bounds["target"] = target
        expected = session.execute(text("SELECT studio.month_rows(:month)"), bounds).scalar_one()
        for table, day in _MOVED:
            columns = session.execute(text(_COLUMNS), {"table": table}).scalar_one()
            session.execute(text(_MOVE.format(table=table, day=day, columns=columns)), bounds)
            session.execute(text(_LEAVE.format(table=table, day=day)), bounds)
        columns = session.execute(text(_COLUMNS), {"table": "sessions"}).scalar_one()
        session.execute(text(_COPY.format(columns=columns)), bounds)
        arrived, arrived_text = session.execute(
            text("SELECT found, found::text FROM studio.archived_rows(:target) AS found"), bounds
        ).one()
        left = session.execute(text("SELECT studio.month_rows(:month)"), bounds).scalar_one()
        for table, rows in expected.items():
            if (arrived[table]["rows"], arrived[table]["sum"]) != (rows["rows"], rows["sum"]):
                raise ValueError(f"{table}: what left is not what arrived")
            if table != "sessions" and left[table]["rows"] != 0:
                raise ValueError(f"{table}: rows stayed behind")
        session.execute(text(_NAMES), bounds)
        session.execute(text(_EXTRATO), {**bounds, "arrived": arrived_text})
        session.execute(text(_CLOSE), bounds)
    return time.perf_counter() - started
