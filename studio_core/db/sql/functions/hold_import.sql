-- One import of clients at a time, until the caller's transaction ends. People may not hold
-- advisory locks of their own choice: whoever held the closing's could keep everybody from it.
CREATE OR REPLACE FUNCTION studio.hold_import() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('studio.import'));
END
$$;
ALTER FUNCTION studio.hold_import() OWNER TO studio_keeper;
