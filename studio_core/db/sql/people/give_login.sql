-- Gives a person a login role with a password, or a new password to the one they have. The
-- password comes as a SCRAM verifier, never as text. Returns the role's name.
CREATE OR REPLACE FUNCTION studio.give_login(p_user_id bigint, p_verifier text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person public.users := studio.person_to_admit(p_user_id);
    login text := studio.login_role(person.email);
BEGIN
    PERFORM studio.require_verifier(p_verifier);
    PERFORM studio.make_login(login, p_user_id, 'password');
    EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL ''infinity''', login, p_verifier);
    UPDATE public.user_logins SET must_change = false, expires_at = NULL WHERE role_name = login;
    PERFORM studio.admit(login, studio.team_of(person));
    RETURN login;
END
$$;
ALTER FUNCTION studio.give_login(bigint, text) OWNER TO studio_roles;

-- Invites a person, or lets one in again who forgot: a one-time password that ends by itself and
-- must be changed. Whatever they had running ends. Returns the role's name.
CREATE OR REPLACE FUNCTION studio.reset_login(
    p_user_id bigint, p_verifier text, p_valid_until timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    login text;
BEGIN
    PERFORM studio.login_lasts(p_valid_until, interval '7 days');
    login := studio.give_login(p_user_id, p_verifier);
    EXECUTE format('ALTER ROLE %I VALID UNTIL %L', login, p_valid_until);
    UPDATE public.user_logins SET must_change = true, expires_at = p_valid_until
    WHERE role_name = login;
    PERFORM studio.end_connections(p_user_id);
    RETURN login;
END
$$;
ALTER FUNCTION studio.reset_login(bigint, text, timestamptz) OWNER TO studio_roles;

-- Refuses a password that would not end, or not soon enough.
CREATE OR REPLACE FUNCTION studio.login_lasts(p_until timestamptz, p_at_most interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_until IS NULL OR p_until <= now() OR p_until > now() + p_at_most THEN
        PERFORM studio.raise_rule('login_too_long', jsonb_build_object(
            'hours', (extract(epoch FROM p_at_most) / 3600)::integer));
    END IF;
END
$$;
ALTER FUNCTION studio.login_lasts(timestamptz, interval) OWNER TO studio_roles;
