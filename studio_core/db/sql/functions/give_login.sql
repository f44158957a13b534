-- Gives a person a login role with a password, or a new password to the one they have. The
-- password comes as a SCRAM verifier, never as text. Returns the role's name.
CREATE OR REPLACE FUNCTION studio.give_login(p_user_id bigint, p_verifier text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person public.users;
    login name;
    team name;
BEGIN
    SELECT * INTO person FROM public.users WHERE id = p_user_id;
    team := CASE person.access WHEN 'owner' THEN 'studio_owner' WHEN 'manager' THEN 'studio_manager'
        WHEN 'reception' THEN 'studio_reception' WHEN 'artist' THEN 'studio_artist' END;
    IF team IS NULL OR person.email IS NULL OR NOT person.active THEN
        PERFORM studio.raise_rule('login_without_access');
    END IF;
    IF p_verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' THEN
        PERFORM studio.raise_rule('password_not_a_verifier');
    END IF;
    login := studio.login_role(person.email);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
        EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', login, p_verifier);
    ELSE
        EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', login, p_verifier);
    END IF;
    EXECUTE format('GRANT %I TO %I', team, login);
    EXECUTE format('GRANT %I TO studio_api', login);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
    INSERT INTO public.user_logins (role_name, user_id, kind) VALUES (login, p_user_id, 'password')
    ON CONFLICT (role_name) DO UPDATE SET user_id = excluded.user_id;
    RETURN login;
END
$$;
ALTER FUNCTION studio.give_login(bigint, text) OWNER TO studio_roles;
