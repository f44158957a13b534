-- Lets a person in on one device for at most twelve hours, once Google has said who they are. Every
-- call gives a fresh password, as a SCRAM verifier; other devices are not touched. Returns the
-- role's name.
CREATE OR REPLACE FUNCTION studio.give_google_login(
    p_user_id bigint, p_device uuid, p_verifier text, p_valid_until timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    most_devices constant integer := 20;
    person public.users := studio.person_to_admit(p_user_id);
    login text := studio.google_role(p_user_id, p_device);
    devices bigint;
BEGIN
    PERFORM studio.require_verifier(p_verifier);
    PERFORM studio.login_lasts(p_valid_until, interval '12 hours');
    IF login IS NULL THEN
        PERFORM studio.raise_rule('device_missing');
    END IF;
    -- Anybody can invent devices, and each is a role of the whole cluster.
    SELECT count(*) INTO devices FROM public.user_logins
    WHERE user_id = p_user_id AND kind = 'google' AND role_name <> login;
    IF devices >= most_devices THEN
        PERFORM studio.drop_login(role_name) FROM public.user_logins
        WHERE user_id = p_user_id AND kind = 'google' AND role_name <> login
          AND expires_at < now();
        SELECT count(*) INTO devices FROM public.user_logins
        WHERE user_id = p_user_id AND kind = 'google' AND role_name <> login;
        IF devices >= most_devices THEN
            PERFORM studio.raise_rule('too_many_devices',
                                      jsonb_build_object('limit', most_devices));
        END IF;
    END IF;
    PERFORM studio.make_login(login, p_user_id, 'google', p_device);
    EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', login, p_verifier, p_valid_until);
    UPDATE public.user_logins SET expires_at = p_valid_until WHERE role_name = login;
    PERFORM studio.admit(login, studio.team_of(person));
    RETURN login;
END
$$;
ALTER FUNCTION studio.give_google_login(bigint, uuid, text, timestamptz) OWNER TO studio_roles;

-- Removes a login and its role; what it did stays in the audit under the person's number.
CREATE OR REPLACE FUNCTION studio.drop_login(p_login text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('studio.logins'));
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = p_login AND pid <> pg_backend_pid();
    DELETE FROM public.user_logins WHERE role_name = p_login;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = p_login) THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), p_login);
        EXECUTE format('DROP ROLE %I', p_login);
    END IF;
END
$$;
ALTER FUNCTION studio.drop_login(text) OWNER TO studio_roles;

-- Removes the logins of devices that nobody has signed in on for a month. Returns how many.
CREATE OR REPLACE FUNCTION studio.forget_old_logins() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old text[] := array(SELECT role_name FROM public.user_logins
        WHERE kind = 'google' AND expires_at < now() - interval '30 days'
        ORDER BY role_name FOR UPDATE SKIP LOCKED);
BEGIN
    PERFORM studio.drop_login(login) FROM unnest(old) AS login;
    RETURN cardinality(old);
END
$$;
ALTER FUNCTION studio.forget_old_logins() OWNER TO studio_roles;
