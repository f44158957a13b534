-- Changes what a person's logins stand on. A trigger brings the logins along: a new e-mail closes
-- the password of the old one, another access moves them to another group, and nobody who lost a
-- right stays connected with it.
CREATE OR REPLACE FUNCTION studio.change_access(p_user_id bigint, p_email text, p_access text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.users SET email = p_email, access = p_access WHERE id = p_user_id;
    IF NOT FOUND THEN
        PERFORM studio.raise_rule('no_such_person');
    END IF;
END
$$;
ALTER FUNCTION studio.change_access(bigint, text, text) OWNER TO studio_roles;

CREATE OR REPLACE FUNCTION studio.disable_person(p_user_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.users SET active = false WHERE id = p_user_id;
    IF NOT FOUND THEN
        PERFORM studio.raise_rule('no_such_person');
    END IF;
END
$$;
ALTER FUNCTION studio.disable_person(bigint) OWNER TO studio_roles;

-- The password they had opens again; with Google they sign in anew.
CREATE OR REPLACE FUNCTION studio.enable_person(p_user_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.users SET active = true WHERE id = p_user_id;
    IF NOT FOUND THEN
        PERFORM studio.raise_rule('no_such_person');
    END IF;
END
$$;
ALTER FUNCTION studio.enable_person(bigint) OWNER TO studio_roles;
