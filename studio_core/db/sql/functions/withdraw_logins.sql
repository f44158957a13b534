-- Takes a person's login roles out of every group and closes them; the roles stay, for the audit.
-- give_login() opens the one of the person's e-mail again.
CREATE OR REPLACE FUNCTION studio.withdraw_logins(p_user_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    login name;
    team name;
BEGIN
    FOR login IN
        SELECT r.rolname FROM public.user_logins l JOIN pg_roles r ON r.rolname = l.role_name
        WHERE l.user_id = p_user_id
    LOOP
        EXECUTE format('ALTER ROLE %I NOLOGIN', login);
        FOR team IN
            SELECT g.rolname FROM pg_auth_members m
            JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
            WHERE r.rolname = login AND g.rolname IN ('studio_owner', 'studio_manager',
                'studio_reception', 'studio_artist')
        LOOP
            EXECUTE format('REVOKE %I FROM %I', team, login);
        END LOOP;
    END LOOP;
END
$$;
ALTER FUNCTION studio.withdraw_logins(bigint) OWNER TO studio_roles;
