-- Notes an alert unless one stands under the same key already; null then. Whoever finds that the
-- matter is over takes the key away, and the next one is noted again.
CREATE OR REPLACE FUNCTION studio.raise_alert_once(
    p_key text, p_kind text, p_severity text, p_message text, p_details jsonb DEFAULT '{}')
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    new_id bigint;
BEGIN
    INSERT INTO public.alerts (kind, severity, message, details, group_key)
    VALUES (left(p_kind, 60), p_severity, left(p_message, 2000),
            CASE WHEN jsonb_typeof(p_details) = 'object' AND pg_column_size(p_details) < 8000
                THEN p_details ELSE '{}' END,
            left(p_key, 120))
    ON CONFLICT (group_key) DO NOTHING
    RETURNING id INTO new_id;
    IF new_id IS NOT NULL THEN
        PERFORM pg_notify('studio_changes', jsonb_build_object(
            'table', 'alerts', 'ids', jsonb_build_array(new_id))::text);
    END IF;
    RETURN new_id;
END
$$;
ALTER FUNCTION studio.raise_alert_once(text, text, text, text, jsonb) OWNER TO studio_keeper;
