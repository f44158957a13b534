-- Notes executions of one statement that took too long: those of ten minutes are counted in one row.
-- The details are those of the slowest; count and worst_ms are of all.
CREATE OR REPLACE FUNCTION studio.note_slow_query(
    p_fingerprint text, p_message text, p_count integer, p_worst_ms integer, p_details jsonb)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    statement_key text := 'slow_query:' || left(p_fingerprint, 64);
    told jsonb := CASE WHEN jsonb_typeof(p_details) = 'object' AND pg_column_size(p_details) < 8000
            THEN p_details ELSE '{}' END
        || jsonb_build_object('fingerprint', left(p_fingerprint, 64),
                              'count', greatest(p_count, 1), 'worst_ms', greatest(p_worst_ms, 0),
                              'last_at', studio.instant(clock_timestamp()));
    noted record;
BEGIN
    UPDATE public.alerts SET group_key = NULL
    WHERE group_key = statement_key AND at < clock_timestamp() - interval '10 minutes';
    INSERT INTO public.alerts AS known (kind, message, details, group_key)
    VALUES ('slow_query', left(p_message, 2000), told, statement_key)
    ON CONFLICT (group_key) DO UPDATE SET
        (message, details) = (
            SELECT CASE WHEN slower THEN excluded.message ELSE known.message END,
                   CASE WHEN slower THEN excluded.details ELSE known.details END
                   || jsonb_build_object(
                       'count', (known.details ->> 'count')::bigint + greatest(p_count, 1),
                       'last_at', excluded.details -> 'last_at')
            FROM (SELECT (excluded.details ->> 'worst_ms')::integer
                         > (known.details ->> 'worst_ms')::integer AS slower) AS s)
    RETURNING known.id, known.xmax = 0 AS is_new INTO noted;
    IF noted.is_new THEN
        PERFORM pg_notify('studio_changes', jsonb_build_object(
            'table', 'alerts', 'ids', jsonb_build_array(noted.id))::text);
    END IF;
    RETURN noted.id;
END
$$;
ALTER FUNCTION studio.note_slow_query(text, text, integer, integer, jsonb) OWNER TO studio_keeper;
