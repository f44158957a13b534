-- The totals of a month, money as text with two decimals, artists by id. p_extrato NULL: from the
-- live tables; else from that extrato's archived rows. Voided rows count nothing. by_artist lists
-- everyone with a commission, with that artist's revenue from payments. Runs under the caller's
-- own rights.
CREATE OR REPLACE FUNCTION studio.month_totals(p_month date, p_extrato bigint DEFAULT NULL)
RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    WITH paid AS (
        SELECT artist_id, method, sum(amount) AS amount, count(*) AS rows FROM (
            SELECT artist_id, method, amount FROM public.payments
            WHERE p_extrato IS NULL AND voided_at IS NULL
              AND paid_on >= p_month AND paid_on < p_month + interval '1 month'
            UNION ALL
            SELECT artist_id, method, amount FROM archive.payments
            WHERE extrato_id = p_extrato AND voided_at IS NULL) AS p
        GROUP BY artist_id, method
    ), earned AS (
        SELECT artist_id, sum(amount) AS amount, count(*) AS rows FROM (
            SELECT artist_id, amount FROM public.commissions
            WHERE p_extrato IS NULL AND voided_at IS NULL
              AND accrued_on >= p_month AND accrued_on < p_month + interval '1 month'
            UNION ALL
            SELECT artist_id, amount FROM archive.commissions
            WHERE extrato_id = p_extrato AND voided_at IS NULL) AS c
        GROUP BY artist_id
    ), spent AS (
        SELECT method, category, sum(amount) AS amount, count(*) AS rows FROM (
            SELECT method, category, amount FROM public.expenses
            WHERE p_extrato IS NULL AND voided_at IS NULL
              AND spent_on >= p_month AND spent_on < p_month + interval '1 month'
            UNION ALL
            SELECT method, category, amount FROM archive.expenses
            WHERE extrato_id = p_extrato AND voided_at IS NULL) AS e
        GROUP BY method, category
    ), held AS (
        SELECT (SELECT count(*) FROM public.sessions
                WHERE p_extrato IS NULL AND status IN ('to_pay', 'paid', 'cancelled', 'no_show')
                  AND starts_at >= studio.day_start(p_month)
                  AND starts_at < studio.day_start((p_month + interval '1 month')::date))
             + (SELECT count(*) FROM archive.sessions WHERE extrato_id = p_extrato) AS rows
    ), sums AS (
        SELECT (SELECT coalesce(sum(amount), 0)::numeric(14,2) FROM paid) AS gross,
               (SELECT coalesce(sum(amount), 0)::numeric(14,2) FROM earned) AS commissions,
               (SELECT coalesce(sum(amount), 0)::numeric(14,2) FROM spent) AS expenses
    )
    SELECT jsonb_build_object(
        'counts', jsonb_build_object(
            'payments', (SELECT coalesce(sum(rows), 0) FROM paid),
            'sessions', (SELECT rows FROM held),
            'commissions', (SELECT coalesce(sum(rows), 0) FROM earned),
            'expenses', (SELECT coalesce(sum(rows), 0) FROM spent)),
        'totals', jsonb_build_object(
            'gross_revenue', gross::text,
            'commissions', commissions::text,
            'expenses', expenses::text,
            'balance', (gross - expenses)::text,
            'net_revenue', (gross - commissions - expenses)::text,
            'by_artist', (SELECT coalesce(jsonb_agg(jsonb_build_object('artist_id', artist_id,
                    'revenue', coalesce((SELECT sum(p.amount) FROM paid p
                                         WHERE p.artist_id = e.artist_id), 0)::numeric(14,2)::text,
                    'commission', amount::numeric(14,2)::text) ORDER BY artist_id), '[]')
                FROM earned e WHERE amount > 0),
            'by_method', (SELECT coalesce(jsonb_agg(jsonb_build_object('method', method,
                    'total', total::text) ORDER BY method COLLATE "C"), '[]')
                FROM (SELECT method, sum(amount)::numeric(14,2) AS total FROM paid
                      GROUP BY method) AS m),
            'expenses_by_method', (SELECT coalesce(jsonb_agg(jsonb_build_object('method', method,
                    'total', total::text) ORDER BY method COLLATE "C"), '[]')
                FROM (SELECT method, sum(amount)::numeric(14,2) AS total FROM spent
                      GROUP BY method) AS m),
            'expenses_by_category', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'category', category, 'total', total::text)
                    ORDER BY category COLLATE "C"), '[]')
                FROM (SELECT category, sum(amount)::numeric(14,2) AS total FROM spent
                      GROUP BY category) AS c)))
    FROM sums
$$;
