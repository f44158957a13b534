-- What identifies somebody may be emptied for good, and changed in no other way.
CREATE OR REPLACE FUNCTION studio.erase_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.before IS NULL AND NEW.after IS NULL
       AND (NEW.audit_id, NEW.client_id) IS NOT DISTINCT FROM (OLD.audit_id, OLD.client_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
        MESSAGE = format('rows of %I.%I are only ever emptied', TG_TABLE_SCHEMA, TG_TABLE_NAME);
END
$$;
