-- Whoever is in a group may say DROP OWNED BY it, which takes the group's policies away and leaves
-- everybody in it without a row. No right stands before that; only an administrator may.
CREATE OR REPLACE FUNCTION studio.refuse_drop_owned() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'only an administrator drops what a role owns';
    END IF;
END
$$;

-- It cannot be replaced, and goes with its function's schema.
DROP EVENT TRIGGER IF EXISTS studio_refuse_drop_owned;
CREATE EVENT TRIGGER studio_refuse_drop_owned ON ddl_command_start WHEN TAG IN ('DROP OWNED')
    EXECUTE FUNCTION studio.refuse_drop_owned();
