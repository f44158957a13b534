-- Money is voided once, with a reason, by whoever does it and at that moment; nobody can say
-- otherwise, and nobody can take it back: what was voided by mistake is booked anew.
CREATE OR REPLACE FUNCTION studio.stamp_void() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL THEN
        IF (NEW.voided_at, NEW.voided_by, NEW.void_reason)
           IS DISTINCT FROM (OLD.voided_at, OLD.voided_by, OLD.void_reason) THEN
            PERFORM studio.raise_rule('already_voided');
        END IF;
        RETURN NEW;
    END IF;
    IF btrim(coalesce(NEW.void_reason, '')) = '' THEN
        PERFORM studio.raise_rule('reason_required');
    END IF;
    NEW.voided_at := now();
    NEW.voided_by := studio.current_user_id();
    RETURN NEW;
END
$$;
