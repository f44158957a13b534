-- An alert was seen by whoever says so, at that moment; taking it back leaves no trace.
CREATE OR REPLACE FUNCTION studio.stamp_seen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.seen_at IS NULL THEN
        NEW.seen_by := NULL;
    ELSIF OLD.seen_at IS NULL THEN
        NEW.seen_at := now();
        NEW.seen_by := studio.current_user_id();
    ELSE
        NEW.seen_at := OLD.seen_at;
        NEW.seen_by := OLD.seen_by;
    END IF;
    RETURN NEW;
END
$$;
