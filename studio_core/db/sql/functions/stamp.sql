-- Fills who made and changed a row, and counts its versions.
CREATE OR REPLACE FUNCTION studio.stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.created_at := now();
        NEW.created_by := studio.current_user_id();
        NEW.version := 1;
    ELSE
        NEW.created_at := OLD.created_at;
        NEW.created_by := OLD.created_by;
        NEW.version := OLD.version + 1;
    END IF;
    NEW.updated_at := now();
    NEW.updated_by := studio.current_user_id();
    RETURN NEW;
END
$$;
