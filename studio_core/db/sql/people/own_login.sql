-- The login behind this connection, its row held: the one acted under, else the one signed in with.
CREATE OR REPLACE FUNCTION studio.own_login() RETURNS public.user_logins
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    login public.user_logins;
BEGIN
    SELECT * INTO login FROM public.user_logins
    WHERE role_name IN (current_setting('role'), session_user)
    ORDER BY role_name = current_setting('role') DESC LIMIT 1 FOR UPDATE;
    RETURN login;
END
$$;
ALTER FUNCTION studio.own_login() OWNER TO studio_roles;

-- A new password for whoever asks, in place of the one they signed in with.
CREATE OR REPLACE FUNCTION studio.change_own_password(p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    login public.user_logins := studio.own_login();
BEGIN
    PERFORM studio.require_verifier(p_verifier);
    IF login.kind IS DISTINCT FROM 'password' THEN
        PERFORM studio.raise_rule('no_own_password');
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL ''infinity''',
                   login.role_name, p_verifier);
    UPDATE public.user_logins SET must_change = false, expires_at = NULL
    WHERE role_name = login.role_name;
END
$$;
ALTER FUNCTION studio.change_own_password(text) OWNER TO studio_roles;

-- Signing out: the password that Google's sign-in gave this device ends at once. A password that
-- the person knows stays.
CREATE OR REPLACE FUNCTION studio.end_own_login() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    login public.user_logins := studio.own_login();
BEGIN
    IF login.kind = 'google' THEN
        PERFORM studio.shut_out(login.role_name);
    END IF;
END
$$;
ALTER FUNCTION studio.end_own_login() OWNER TO studio_roles;

-- Whether the password behind this connection is a one-time one.
CREATE OR REPLACE FUNCTION studio.must_change_password() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((SELECT must_change FROM public.user_logins
                     WHERE role_name IN (current_setting('role'), session_user)
                     ORDER BY role_name = current_setting('role') DESC LIMIT 1), false)
$$;
ALTER FUNCTION studio.must_change_password() OWNER TO studio_keeper;
