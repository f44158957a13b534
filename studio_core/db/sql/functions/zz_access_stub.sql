CREATE OR REPLACE FUNCTION studio.google_role(p_user_id bigint, p_device uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT left(current_database(), 30) || '.' || left(encode(sha256(convert_to(
        current_database() || chr(10) || p_user_id || '#' || p_device, 'UTF8')), 'hex'), 24)
$$;
CREATE OR REPLACE FUNCTION studio.give_google_login(
    p_user_id bigint, p_device uuid, p_verifier text, p_valid_until timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person public.users;
    login name := studio.google_role(p_user_id, p_device);
    team name;
BEGIN
    SELECT * INTO person FROM public.users WHERE id = p_user_id;
    team := CASE person.access WHEN 'owner' THEN 'studio_owner' WHEN 'manager' THEN 'studio_manager'
        WHEN 'reception' THEN 'studio_reception' WHEN 'artist' THEN 'studio_artist' END;
    IF team IS NULL OR person.email IS NULL OR NOT person.active THEN
        PERFORM studio.raise_rule('login_without_access');
    END IF;
    IF p_valid_until > now() + interval '12 hours' THEN
        PERFORM studio.raise_rule('login_too_long');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
        EXECUTE format('CREATE ROLE %I', login);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', login, p_verifier, p_valid_until);
    EXECUTE format('GRANT %I TO %I', team, login);
    EXECUTE format('GRANT %I TO studio_api', login);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
    INSERT INTO public.user_logins (role_name, user_id, kind, device, expires_at)
    VALUES (login, p_user_id, 'google', p_device, p_valid_until)
    ON CONFLICT (role_name) DO UPDATE SET expires_at = excluded.expires_at;
    RETURN login;
END
$$;
ALTER FUNCTION studio.give_google_login(bigint, uuid, text, timestamptz) OWNER TO studio_roles;
