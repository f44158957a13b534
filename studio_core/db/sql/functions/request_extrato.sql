-- Files an owner's wish to close a month; the server's runner hears of it and takes it. A month
-- that is waiting already is not asked for twice. Returns the request's id.
CREATE OR REPLACE FUNCTION studio.request_extrato(p_month date, p_force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    request bigint;
BEGIN
    IF p_month IS DISTINCT FROM date_trunc('month', p_month)::date THEN
        PERFORM studio.raise_rule('month_malformed', jsonb_build_object('text', p_month));
    END IF;
    -- No program could read a month without end, and none behind it would be taken.
    IF NOT EXISTS (SELECT FROM public.accounting_months WHERE month_start = p_month) THEN
        PERFORM studio.raise_rule('year_out_of_range');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('studio.request'), to_char(p_month, 'YYYYMM')::integer);
    SELECT id INTO request FROM public.extrato_requests
    WHERE month_start = p_month AND status IN ('waiting', 'taken');
    IF FOUND THEN
        RETURN request;
    END IF;
    INSERT INTO public.extrato_requests (month_start, forced, requested_by)
    VALUES (p_month, p_force, studio.current_user_id()) RETURNING id INTO request;
    PERFORM pg_notify('studio_changes', jsonb_build_object(
        'table', 'extrato_requests', 'ids', jsonb_build_array(request))::text);
    RETURN request;
END
$$;
ALTER FUNCTION studio.request_extrato(date, boolean) OWNER TO studio_keeper;
