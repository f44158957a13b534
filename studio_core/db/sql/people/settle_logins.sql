-- Brings all logins of a person to what their row says: open and in the group of their access, or
-- closed. The roles stay, for the audit. Whoever's rights become others is disconnected; nothing is
-- done to logins that are as they should be.
CREATE OR REPLACE FUNCTION studio.settle_logins(p_user_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person public.users;
    login record;
    team text;
    changed boolean := false;
BEGIN
    SELECT * INTO person FROM public.users WHERE id = p_user_id;
    FOR login IN
        SELECT l.role_name, l.kind, r.rolcanlogin AS open,
               array(SELECT g.rolname::text FROM pg_auth_members m
                     JOIN pg_roles g ON g.oid = m.roleid
                     WHERE m.member = r.oid AND g.rolname IN ('studio_owner', 'studio_manager',
                         'studio_reception', 'studio_artist')) AS teams,
               pg_has_role('studio_api', r.oid, 'MEMBER') AS acted_as
        FROM public.user_logins l JOIN pg_roles r ON r.rolname = l.role_name
        WHERE l.user_id = p_user_id
          -- In a copy of a studio beside it the names are the other one's logins.
          AND EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) may
                      WHERE d.datname = current_database() AND may.grantee = r.oid
                        AND may.privilege_type = 'CONNECT')
        ORDER BY l.role_name FOR UPDATE OF l
    LOOP
        -- A password belongs to the e-mail it was given for.
        team := CASE WHEN login.kind = 'google' OR login.role_name = studio.login_role(person.email)
            THEN studio.team_of(person) END;
        CONTINUE WHEN login.open = (team IS NOT NULL) AND login.acted_as = login.open
            AND login.teams = array_remove(ARRAY[team], NULL);
        PERFORM studio.admit(login.role_name, team);
        IF team IS NULL AND login.kind = 'google' THEN
            PERFORM studio.shut_out(login.role_name);
        END IF;
        changed := changed OR login.open IS DISTINCT FROM (team IS NOT NULL)
            OR login.teams <> array_remove(ARRAY[team], NULL);
    END LOOP;
    IF changed THEN
        PERFORM studio.end_connections(p_user_id);
    END IF;
END
$$;
ALTER FUNCTION studio.settle_logins(bigint) OWNER TO studio_roles;

-- Takes the password of a login away for good; only a new one lets anybody in again.
CREATE OR REPLACE FUNCTION studio.shut_out(p_login text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.user_logins SET expires_at = least(expires_at, now()) WHERE role_name = p_login;
    EXECUTE format('ALTER ROLE %I PASSWORD NULL VALID UNTIL %L', p_login, now());
END
$$;
ALTER FUNCTION studio.shut_out(text) OWNER TO studio_roles;
