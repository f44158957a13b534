-- Notes an alert for whoever looks after the studio. Every program may; only owners read them.
CREATE OR REPLACE FUNCTION studio.raise_alert(
    p_kind text, p_severity text, p_message text, p_details jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    new_id bigint;
BEGIN
    INSERT INTO public.alerts (kind, severity, message, details)
    VALUES (left(p_kind, 60), p_severity, left(p_message, 2000),
            CASE WHEN jsonb_typeof(p_details) = 'object' AND pg_column_size(p_details) < 8000
                THEN p_details ELSE '{}' END)
    RETURNING id INTO new_id;
    PERFORM pg_notify('studio_changes',
                      jsonb_build_object('table', 'alerts', 'ids', jsonb_build_array(new_id))::text);
    RETURN new_id;
END
$$;
ALTER FUNCTION studio.raise_alert(text, text, text, jsonb) OWNER TO studio_keeper;
