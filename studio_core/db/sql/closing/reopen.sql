-- Puts a closed month's rows back where they came from, row for row, and marks its extrato as
-- superseded: totals and digest of that version stay on record. The month must be held by the
-- caller's transaction. Returns the extrato's id.
CREATE OR REPLACE FUNCTION studio.rows_back(p_month date, p_why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    source_id bigint;
    held jsonb;
    back jsonb;
    moved text;
    columns_kept text;
BEGIN
    SELECT id INTO source_id FROM public.extratos
    WHERE year = extract(year FROM p_month) AND month = extract(month FROM p_month)
      AND superseded_at IS NULL;
    held := studio.archived_rows(source_id);
    FOREACH moved IN ARRAY ARRAY['payments', 'commissions', 'expenses'] LOOP
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns_kept
        FROM pg_attribute
        WHERE attrelid = format('public.%I', moved)::regclass AND attnum > 0 AND NOT attisdropped;
        EXECUTE format('INSERT INTO public.%1$I (%2$s) SELECT %2$s FROM archive.%1$I
                        WHERE extrato_id = $1 ORDER BY id', moved, columns_kept) USING source_id;
        EXECUTE format('DELETE FROM archive.%I WHERE extrato_id = $1', moved) USING source_id;
    END LOOP;
    DELETE FROM archive.sessions WHERE extrato_id = source_id;
    back := studio.month_rows(p_month);
    FOREACH moved IN ARRAY ARRAY['payments', 'commissions', 'expenses'] LOOP
        IF (back -> moved ->> 'rows')::bigint
           < (held -> moved ->> 'rows')::bigint THEN
            PERFORM studio.raise_rule('closing_mismatch', jsonb_build_object(
                'month', studio.month_label(p_month), 'table', moved));
        END IF;
    END LOOP;
    UPDATE public.extratos SET superseded_at = now(), superseded_why = p_why WHERE id = source_id;
    RETURN source_id;
END
$$;
ALTER FUNCTION studio.rows_back(date, text) OWNER TO studio_closing;

-- Opens a closed month again, with the reason. Returns the id of the extrato it had.
CREATE OR REPLACE FUNCTION studio.reopen_month(p_month date, p_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    label text := studio.month_label(p_month);
    found_state text;
    source_id bigint;
BEGIN
    IF btrim(coalesce(p_reason, '')) = '' THEN
        PERFORM studio.raise_rule('reason_required');
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('studio.closing'),
                                     to_char(p_month, 'YYYYMM')::integer) THEN
        RAISE EXCEPTION USING ERRCODE = 'ST075', MESSAGE = 'already_running',
            DETAIL = jsonb_build_object('month', label)::text;
    END IF;
    SELECT state INTO found_state FROM public.accounting_months
    WHERE month_start = p_month FOR UPDATE;
    IF found_state IS DISTINCT FROM 'closed' THEN
        PERFORM studio.raise_rule('month_not_closed', jsonb_build_object('month', label));
    END IF;
    source_id := studio.rows_back(p_month, p_reason);
    UPDATE public.accounting_months
    SET state = 'open', closing = NULL, changed_at = now() WHERE month_start = p_month;
    PERFORM studio.announce_closing(p_month, 'reopen', source_id, p_reason);
    RETURN source_id;
END
$$;
ALTER FUNCTION studio.reopen_month(date, text) OWNER TO studio_closing;
