-- Makes the studio's first owner, once: refused as soon as there is one. Returns the login role.
CREATE OR REPLACE FUNCTION studio.set_up_owner(p_name text, p_email text, p_verifier text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_email text;
    new_id bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('studio.owners'));
    SELECT email INTO found_email FROM public.users WHERE access = 'owner' AND active LIMIT 1;
    IF FOUND THEN
        PERFORM studio.raise_rule('setup_done', jsonb_build_object('email', found_email));
    END IF;
    INSERT INTO public.users (name, email, access) VALUES (p_name, p_email, 'owner')
    RETURNING id INTO new_id;
    RETURN studio.give_login(new_id, p_verifier);
END
$$;
ALTER FUNCTION studio.set_up_owner(text, text, text) OWNER TO studio_roles;
