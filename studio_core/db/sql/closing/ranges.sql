-- The key ranges that a closing moves one table in: p_batch rows of the month each.
CREATE OR REPLACE FUNCTION studio.closing_ranges(p_month date, p_table text, p_batch integer)
RETURNS TABLE (first_id bigint, last_id bigint, rows bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    month_rows text := CASE p_table
        WHEN 'payments' THEN 'public.payments WHERE paid_on >= $1 AND paid_on < $2'
        WHEN 'commissions' THEN 'public.commissions WHERE accrued_on >= $1 AND accrued_on < $2'
        WHEN 'expenses' THEN 'public.expenses WHERE spent_on >= $1 AND spent_on < $2'
        WHEN 'sessions' THEN 'public.sessions
            WHERE status IN (''to_pay'', ''paid'', ''cancelled'', ''no_show'')
              AND starts_at >= studio.day_start($1) AND starts_at < studio.day_start($2)' END;
BEGIN
    RETURN QUERY EXECUTE
        'SELECT min(id), max(id), count(*) FROM (
             SELECT id, (row_number() OVER (ORDER BY id) - 1) / $3 AS batch FROM ' || month_rows ||
        ') AS numbered GROUP BY batch ORDER BY batch'
    USING p_month, (p_month + interval '1 month')::date, p_batch;
END
$$;
ALTER FUNCTION studio.closing_ranges(date, text, integer) OWNER TO studio_closing;
