-- Two owners who dismiss each other at the same moment wait here; so does the set-up.
CREATE OR REPLACE FUNCTION studio.hold_owners() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('studio.owners'));
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.hold_owners() OWNER TO studio_roles;

-- Runs where an owner ceases to be one: another must stay. Taking its row, and not only looking,
-- also refuses a transaction that still sees the state of before.
CREATE OR REPLACE FUNCTION studio.keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM public.users WHERE access = 'owner' AND active ORDER BY id FOR SHARE;
    IF NOT FOUND THEN
        PERFORM studio.raise_rule('last_owner');
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.keep_an_owner() OWNER TO studio_roles;

-- What a login stands on has changed, by whatever program.
CREATE OR REPLACE FUNCTION studio.logins_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM studio.settle_logins(NEW.id);
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.logins_follow() OWNER TO studio_roles;
