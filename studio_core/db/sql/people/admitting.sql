-- The parts that the functions about logins are made of. Their owner made the groups: only what
-- is written here puts anybody into one.

-- The group of a person's access; NULL for whoever may not sign in. No other group is ever given.
CREATE OR REPLACE FUNCTION studio.team_of(person public.users) RETURNS text
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN person.active AND person.email IS NOT NULL THEN
        CASE person.access WHEN 'owner' THEN 'studio_owner' WHEN 'manager' THEN 'studio_manager'
            WHEN 'reception' THEN 'studio_reception' WHEN 'artist' THEN 'studio_artist' END END
$$;
ALTER FUNCTION studio.team_of(public.users) OWNER TO studio_roles;

-- A person who may sign in, held until the caller's transaction ends, so that nobody is let in
-- while somebody else shuts them out.
CREATE OR REPLACE FUNCTION studio.person_to_admit(p_user_id bigint) RETURNS public.users
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person public.users;
BEGIN
    SELECT * INTO person FROM public.users WHERE id = p_user_id FOR SHARE;
    IF NOT FOUND OR studio.team_of(person) IS NULL THEN
        PERFORM studio.raise_rule('login_without_access');
    END IF;
    RETURN person;
END
$$;
ALTER FUNCTION studio.person_to_admit(bigint) OWNER TO studio_roles;

-- Makes a person's login role where it is missing, and holds its row: two who change one role at
-- once would fail each other.
CREATE OR REPLACE FUNCTION studio.make_login(
    p_login text, p_user_id bigint, p_kind text, p_device uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    holder bigint;
BEGIN
    SELECT user_id INTO holder FROM public.user_logins WHERE role_name = p_login FOR UPDATE;
    IF holder IS NULL OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_login) THEN
        -- New roles one by one: they write to the same row of the database's own rights.
        PERFORM pg_advisory_xact_lock(hashtext('studio.logins'));
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_login) THEN
            EXECUTE format('CREATE ROLE %I', p_login);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), p_login);
    END IF;
    -- An e-mail may have gone to somebody else, and nobody of before stays connected by it.
    IF holder <> p_user_id THEN
        PERFORM studio.end_connections(holder);
    END IF;
    INSERT INTO public.user_logins (role_name, user_id, kind, device)
    VALUES (p_login, p_user_id, p_kind, p_device)
    ON CONFLICT (role_name) DO UPDATE SET user_id = excluded.user_id;
END
$$;
ALTER FUNCTION studio.make_login(text, bigint, text, uuid) OWNER TO studio_roles;

-- Puts a login into its one group, out of all others, and lets the server's jobs act as it.
CREATE OR REPLACE FUNCTION studio.admit(p_login text, p_team text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    team text;
BEGIN
    FOREACH team IN ARRAY ARRAY['studio_owner', 'studio_manager', 'studio_reception',
                                'studio_artist'] LOOP
        IF team = p_team THEN
            EXECUTE format('GRANT %I TO %I', team, p_login);
        ELSIF EXISTS (SELECT FROM pg_auth_members m
                      JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles l ON l.oid = m.member
                      WHERE g.rolname = team AND l.rolname = p_login) THEN
            EXECUTE format('REVOKE %I FROM %I', team, p_login);
        END IF;
    END LOOP;
    IF p_team IS NULL THEN
        EXECUTE format('ALTER ROLE %I NOLOGIN', p_login);
        IF EXISTS (SELECT FROM pg_auth_members m
                   JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles l ON l.oid = m.member
                   WHERE g.rolname = p_login AND l.rolname = 'studio_api') THEN
            EXECUTE format('REVOKE %I FROM studio_api', p_login);
        END IF;
    ELSE
        EXECUTE format('ALTER ROLE %I LOGIN', p_login);
        EXECUTE format('GRANT %I TO studio_api', p_login)
            || CASE WHEN current_setting('server_version_num')::integer >= 160000
                    THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
    END IF;
END
$$;
ALTER FUNCTION studio.admit(text, text) OWNER TO studio_roles;

-- Ends whatever a person has running, but for the connection that asks. One that signs in again
-- before this is committed has no group any more once it is, and every right is looked up anew for
-- every statement.
CREATE OR REPLACE FUNCTION studio.end_connections(p_user_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_terminate_backend(a.pid)
    FROM pg_stat_activity a JOIN public.user_logins l ON l.role_name = a.usename
    WHERE l.user_id = p_user_id AND a.pid <> pg_backend_pid();
END
$$;
ALTER FUNCTION studio.end_connections(bigint) OWNER TO studio_roles;
