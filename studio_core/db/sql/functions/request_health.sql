-- Files an owner's wish that a server looks at the studio's health now; one that is waiting
-- already is not asked for twice. Returns the report's id.
CREATE OR REPLACE FUNCTION studio.request_health() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    report bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('studio.health.request'));
    SELECT id INTO report FROM public.health_reports WHERE status = 'waiting' ORDER BY id LIMIT 1;
    IF NOT FOUND THEN
        INSERT INTO public.health_reports (status) VALUES ('waiting') RETURNING id INTO report;
    END IF;
    -- Said again, since whoever was to hear the first time may not have been there.
    PERFORM pg_notify('studio_changes', jsonb_build_object(
        'table', 'health_reports', 'ids', jsonb_build_array(report))::text);
    RETURN report;
END
$$;
ALTER FUNCTION studio.request_health() OWNER TO studio_keeper;
