-- A person's own PIN, as a slow hash that their program makes and compares; NULL takes it away.
CREATE OR REPLACE FUNCTION studio.set_pin(p_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who bigint := studio.current_user_id();
BEGIN
    IF who IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a person has a PIN';
    END IF;
    IF p_hash IS NULL THEN
        DELETE FROM public.user_pins WHERE user_id = who;
        RETURN;
    END IF;
    IF length(p_hash) > 300 OR p_hash !~ '^scrypt\$[0-9]+\$[0-9]+\$[0-9]+\$[A-Za-z0-9+/=]{16,}\$[A-Za-z0-9+/=]{40,}$' THEN
        PERFORM studio.raise_rule('pin_not_a_hash');
    END IF;
    INSERT INTO public.user_pins (user_id, hash) VALUES (who, p_hash)
    ON CONFLICT (user_id) DO UPDATE
    SET hash = excluded.hash, failures = 0, wait_until = NULL, updated_at = now();
END
$$;
ALTER FUNCTION studio.set_pin(text) OWNER TO studio_keeper;

-- The hash of one's own PIN, NULL where there is none; refused while wrong tries make one wait.
CREATE OR REPLACE FUNCTION studio.own_pin() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    pin public.user_pins;
BEGIN
    SELECT * INTO pin FROM public.user_pins WHERE user_id = studio.current_user_id();
    IF pin.wait_until > clock_timestamp() THEN
        PERFORM studio.raise_rule('pin_wait', jsonb_build_object('seconds',
            ceil(extract(epoch FROM pin.wait_until - clock_timestamp()))::integer));
    END IF;
    RETURN pin.hash;
END
$$;
ALTER FUNCTION studio.own_pin() OWNER TO studio_keeper;

-- Notes a try of one's own PIN, kept with the person: another desk makes it no shorter. Returns the
-- seconds until the next one. A try during the wait counts for nothing, right or wrong.
CREATE OR REPLACE FUNCTION studio.note_pin_try(p_ok boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    free_tries constant integer := 3;
    pin public.user_pins;
    pause integer := 0;
BEGIN
    SELECT * INTO pin FROM public.user_pins WHERE user_id = studio.current_user_id() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF pin.wait_until > clock_timestamp() THEN
        RETURN ceil(extract(epoch FROM pin.wait_until - clock_timestamp()));
    END IF;
    IF p_ok THEN
        UPDATE public.user_pins SET failures = 0, wait_until = NULL
        WHERE user_id = pin.user_id AND failures > 0;
        RETURN 0;
    END IF;
    -- 5 s, 10 s, 20 s … up to five minutes.
    IF pin.failures + 1 >= free_tries THEN
        pause := least(300, 5 * 2 ^ least(pin.failures + 1 - free_tries, 10));
    END IF;
    UPDATE public.user_pins
    SET failures = failures + 1,
        wait_until = CASE WHEN pause > 0 THEN clock_timestamp() + make_interval(secs => pause) END
    WHERE user_id = pin.user_id;
    RETURN pause;
END
$$;
ALTER FUNCTION studio.note_pin_try(boolean) OWNER TO studio_keeper;
