-- First step of a closing: takes the month for itself and says what there is to move.
-- Refuses a month that is not over, is closed (unless forced: then its archived rows come back
-- first, in this same transaction) or is being closed by somebody else.
-- Returns {"extrato_id", "forced", "rows": month_rows}; the month's state is now "closing", which
-- no transaction can commit.
CREATE OR REPLACE FUNCTION studio.closing_begin(p_month date, p_force boolean DEFAULT false)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    label text := studio.month_label(p_month);
    found_state text;
    forced boolean := false;
    plan jsonb;
BEGIN
    IF p_month <> date_trunc('month', p_month)::date THEN
        PERFORM studio.raise_rule('month_malformed', jsonb_build_object('text', p_month));
    END IF;
    IF studio.today() < (p_month + interval '1 month')::date THEN
        PERFORM studio.raise_rule('month_not_over', jsonb_build_object('month', label));
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('studio.closing'),
                                     to_char(p_month, 'YYYYMM')::integer) THEN
        RAISE EXCEPTION USING ERRCODE = 'ST075', MESSAGE = 'already_running',
            DETAIL = jsonb_build_object('month', label)::text;
    END IF;
    SELECT state INTO found_state FROM public.accounting_months
    WHERE month_start = p_month FOR UPDATE;
    -- A second plan in one transaction would leave out what has moved under the first.
    IF found_state = 'closing' THEN
        PERFORM studio.raise_rule('closing_unfinished');
    END IF;
    IF found_state = 'closed' THEN
        IF p_force IS NOT TRUE THEN
            PERFORM studio.raise_rule('month_already_closed', jsonb_build_object('month', label));
        END IF;
        forced := true;
        PERFORM studio.rows_back(p_month, 'closed again');
    END IF;
    plan := jsonb_build_object(
        'extrato_id', nextval(pg_get_serial_sequence('public.extratos', 'id')),
        'forced', forced,
        'rows', studio.month_rows(p_month));
    UPDATE public.accounting_months
    SET state = 'closing', closing = plan, changed_at = now() WHERE month_start = p_month;
    RETURN plan;
END
$$;
ALTER FUNCTION studio.closing_begin(date, boolean) OWNER TO studio_closing;

-- The running closing's plan, or a refusal when this transaction is not closing that month.
CREATE OR REPLACE FUNCTION studio.closing_plan(p_month date) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    plan jsonb;
BEGIN
    SELECT closing INTO plan FROM public.accounting_months
    WHERE month_start = p_month AND state = 'closing';
    IF plan IS NULL THEN
        PERFORM studio.raise_rule('closing_unfinished');
    END IF;
    RETURN plan;
END
$$;
ALTER FUNCTION studio.closing_plan(date) OWNER TO studio_closing;
