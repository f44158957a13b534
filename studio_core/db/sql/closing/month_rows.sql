-- What a month holds in each table: rows and sum of money. Sessions count when they start in the
-- month and are over. The month is still in the live tables.
CREATE OR REPLACE FUNCTION studio.month_rows(p_month date) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_object(
        'payments', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(amount), 0.00)::text)
            FROM public.payments WHERE paid_on >= p_month AND paid_on < p_month + interval '1 month'),
        'commissions', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(amount), 0.00)::text)
            FROM public.commissions
            WHERE accrued_on >= p_month AND accrued_on < p_month + interval '1 month'),
        'expenses', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(amount), 0.00)::text)
            FROM public.expenses
            WHERE spent_on >= p_month AND spent_on < p_month + interval '1 month'),
        'sessions', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(agreed_price), 0.00)::text)
            FROM public.sessions
            WHERE status IN ('to_pay', 'paid', 'cancelled', 'no_show')
              AND starts_at >= studio.day_start(p_month)
              AND starts_at < studio.day_start((p_month + interval '1 month')::date)))
$$;
