-- The logins of this studio with what their passwords are checked with, for a backup of the whole
-- database: those of its people, and programs' logins that may connect to this database and to no
-- other. Roles belong to the cluster, which may hold many studios: what belongs to another, or to
-- several, is never shown, nor is any superuser. A catalogue's grants are kept for each database.
GRANT SELECT ON pg_catalog.pg_authid TO studio_roles;
CREATE OR REPLACE FUNCTION studio.backup_logins()
RETURNS TABLE (name name, kind text, can_login boolean, verifier text, valid_until timestamptz,
               groups name[], members name[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- A backup refuses to have rows hidden; here it shows all of them to the function's owner.
SET row_security = on
AS $$
    WITH ours AS (
        SELECT r.*, EXISTS (SELECT FROM public.user_logins l WHERE l.role_name = r.rolname) AS person
        FROM pg_authid r WHERE NOT r.rolsuper
    )
    SELECT r.rolname, CASE WHEN person THEN 'person' ELSE 'program' END, r.rolcanlogin,
        r.rolpassword, r.rolvaliduntil,
        ARRAY(SELECT g.rolname FROM pg_auth_members m JOIN pg_authid g ON g.oid = m.roleid
              WHERE m.member = r.oid AND starts_with(g.rolname, 'studio_') ORDER BY g.rolname),
        -- studio_roles administers what it made, from PostgreSQL 16 on as a member.
        ARRAY(SELECT b.rolname FROM pg_auth_members m JOIN pg_authid b ON b.oid = m.member
              WHERE m.roleid = r.oid AND starts_with(b.rolname, 'studio_')
                AND b.rolname <> 'studio_roles' ORDER BY b.rolname)
    FROM ours r
    WHERE person OR (r.rolcanlogin AND r.rolname NOT IN ('studio_jobs', 'studio_backup')
        AND (pg_has_role(r.oid, 'studio_jobs', 'MEMBER')
             OR pg_has_role(r.oid, 'studio_backup', 'MEMBER'))
        AND (SELECT array_agg(DISTINCT d.datname) = ARRAY[current_database()]
             FROM pg_database d, aclexplode(d.datacl) AS acl
             WHERE acl.grantee = r.oid AND acl.privilege_type = 'CONNECT'))
    ORDER BY r.rolname
$$;
ALTER FUNCTION studio.backup_logins() OWNER TO studio_roles;
