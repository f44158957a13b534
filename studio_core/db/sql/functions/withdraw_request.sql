-- Takes back a request to close a month while nobody works on it: its desk waited long enough, or
-- (p_stop) a person cancelled it; then also asks whoever works on it already to stop.
-- For who filed it, and for owners. Returns the status that it has now: given_up when taken back,
-- taken while somebody works on it, or how it ended meanwhile; NULL where there is none of that id.
CREATE OR REPLACE FUNCTION studio.withdraw_request(p_request bigint, p_stop boolean)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    request public.extrato_requests%ROWTYPE;
    acting text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    written_by bigint;
BEGIN
    -- A server that is just taking it holds this row; one that comes later passes over it.
    SELECT * INTO request FROM public.extrato_requests WHERE id = p_request FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF request.requested_by IS DISTINCT FROM studio.current_user_id()
       AND NOT pg_has_role(acting, 'studio_owner', 'USAGE') THEN
        PERFORM studio.raise_rule('not_allowed');
    END IF;
    IF request.status NOT IN ('waiting', 'taken') THEN
        RETURN request.status;
    END IF;
    IF request.status = 'taken' AND studio.request_at_work(p_request) THEN
        IF p_stop THEN
            UPDATE public.extrato_requests SET cancel_requested = true WHERE id = p_request;
            UPDATE public.extrato_progress SET cancel_requested = true
            WHERE run_id = request.run_id;
        END IF;
        RETURN request.status;
    END IF;
    -- Whoever had taken it may have died after the month was closed.
    SELECT r.id INTO written_by
    FROM public.extrato_runs r JOIN public.extratos e ON e.run_id = r.id
    WHERE r.correlation_id = 'request-' || p_request;
    UPDATE public.extrato_requests
    SET status = CASE WHEN written_by IS NULL THEN 'given_up' ELSE 'done' END,
        code = CASE WHEN written_by IS NULL THEN
            CASE WHEN p_stop THEN 'closing_cancelled' ELSE 'no_server_closes' END END,
        run_id = coalesce(written_by, run_id),
        finished_at = clock_timestamp()
    WHERE id = p_request
    RETURNING status INTO request.status;
    PERFORM pg_notify('studio_changes', jsonb_build_object(
        'table', 'extrato_requests', 'ids', jsonb_build_array(p_request))::text);
    RETURN request.status;
END
$$;
ALTER FUNCTION studio.withdraw_request(bigint, boolean) OWNER TO studio_keeper;
