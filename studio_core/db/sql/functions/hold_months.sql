-- Every write shares the lock of its months' rows until it commits, in date order, and is refused
-- where a month is closed. A closing takes the same row exclusively: a write is therefore either
-- committed before the closing reads, or waits for it and is refused with the reason. The rows of
-- all months stand from the start: two desks that book a month's first payment would otherwise wait
-- for each other.
-- Argument: the column that holds the date.
CREATE OR REPLACE FUNCTION studio.hold_months() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    sources text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY['new_rows']
                                 WHEN 'DELETE' THEN ARRAY['old_rows']
                                 ELSE ARRAY['new_rows', 'old_rows'] END;
    dates text;
    held date;
    found_state text;
BEGIN
    SELECT string_agg(format('SELECT DISTINCT date_trunc(''month'', %I)::date AS m FROM %I',
                             TG_ARGV[0], source), ' UNION ')
    INTO dates FROM unnest(sources) AS source;
    FOR held IN EXECUTE 'SELECT m FROM (' || dates || ') AS months ORDER BY m' LOOP
        SELECT state INTO found_state FROM public.accounting_months
        WHERE month_start = held FOR SHARE;
        IF NOT FOUND THEN
            PERFORM studio.raise_rule('year_out_of_range');
        END IF;
        IF found_state <> 'open' THEN
            PERFORM studio.raise_rule('month_closed',
                jsonb_build_object('month', studio.month_label(held)));
        END IF;
    END LOOP;
    RETURN NULL;
EXCEPTION WHEN lock_not_available THEN
    PERFORM studio.raise_rule('month_in_closing',
        jsonb_build_object('month', studio.month_label(held)));
END
$$;
ALTER FUNCTION studio.hold_months() OWNER TO studio_keeper;
