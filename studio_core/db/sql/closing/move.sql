-- Moves one key range of the month into the archive (sessions are copied, since the agenda goes
-- on). The condition on the date is written so that no index can serve it: the range of keys must
-- drive the plan, or every batch would read the whole month. One plan serves all batches: small
-- ones would spend more time on planning than on moving, and no scan of a whole table is in it,
-- whatever the table looked like when it was made. Returns the rows that arrived.
-- The columns are listed when the function is made, from the live table, so that a column added
-- later reaches the archive by its name and not by its place.
DO $install$
DECLARE
    columns_of jsonb;
BEGIN
    SELECT jsonb_object_agg(moved, (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = format('public.%I', moved)::regclass AND attnum > 0 AND NOT attisdropped))
    INTO columns_of FROM unnest(ARRAY['payments', 'commissions', 'expenses', 'sessions']) AS moved;

    EXECUTE format($function$
CREATE OR REPLACE FUNCTION studio.closing_move(
    p_month date, p_table text, p_first bigint, p_last bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $body$
DECLARE
    target bigint := (studio.closing_plan(p_month) ->> 'extrato_id')::bigint;
    month_after date := (p_month + interval '1 month')::date;
    zone text;
    arrived bigint;
    left_behind bigint;
BEGIN
    IF p_table = 'payments' THEN
        INSERT INTO archive.payments (extrato_id, row_hash, %1$s)
        SELECT target, studio.row_hash(p), %1$s FROM public.payments p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.paid_on + 0 >= p_month AND p.paid_on + 0 < month_after;
        GET DIAGNOSTICS arrived = ROW_COUNT;
        DELETE FROM public.payments p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.paid_on + 0 >= p_month AND p.paid_on + 0 < month_after;
    ELSIF p_table = 'commissions' THEN
        INSERT INTO archive.commissions (extrato_id, row_hash, %2$s)
        SELECT target, studio.row_hash(p), %2$s FROM public.commissions p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.accrued_on + 0 >= p_month AND p.accrued_on + 0 < month_after;
        GET DIAGNOSTICS arrived = ROW_COUNT;
        DELETE FROM public.commissions p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.accrued_on + 0 >= p_month AND p.accrued_on + 0 < month_after;
    ELSIF p_table = 'expenses' THEN
        INSERT INTO archive.expenses (extrato_id, row_hash, %3$s)
        SELECT target, studio.row_hash(p), %3$s FROM public.expenses p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.spent_on + 0 >= p_month AND p.spent_on + 0 < month_after;
        GET DIAGNOSTICS arrived = ROW_COUNT;
        DELETE FROM public.expenses p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.spent_on + 0 >= p_month AND p.spent_on + 0 < month_after;
    ELSIF p_table = 'sessions' THEN
        zone := studio.zone();
        INSERT INTO archive.sessions (extrato_id, row_hash, %4$s)
        SELECT target, studio.row_hash(p), %4$s FROM public.sessions p
        WHERE p.id BETWEEN p_first AND p_last
          AND p.status IN ('to_pay', 'paid', 'cancelled', 'no_show')
          AND (p.starts_at AT TIME ZONE zone)::date >= p_month
          AND (p.starts_at AT TIME ZONE zone)::date < month_after;
        GET DIAGNOSTICS arrived = ROW_COUNT;
        RETURN arrived;
    END IF;
    GET DIAGNOSTICS left_behind = ROW_COUNT;
    IF arrived IS DISTINCT FROM left_behind THEN
        PERFORM studio.raise_rule('closing_mismatch', jsonb_build_object(
            'month', studio.month_label(p_month), 'table', p_table));
    END IF;
    RETURN arrived;
END
$body$ $function$, columns_of ->> 'payments', columns_of ->> 'commissions',
        columns_of ->> 'expenses', columns_of ->> 'sessions');
END
$install$;
ALTER FUNCTION studio.closing_move(date, text, bigint, bigint) OWNER TO studio_closing;
