"""Questions to the catalogue about rights. Schemas are ours: public, archive, studio; objects of
extensions are the extension's own and left out. A grantee is a role's name, or PUBLIC.
"""

from sqlalchemy import text

RELATIONS = text("""
    SELECT format('%s.%s', relnamespace::regnamespace, relname), relkind::text, relrowsecurity,
           coalesce(reloptions::text LIKE '%security_invoker=true%', false)
    FROM pg_class c
    WHERE relkind NOT IN ('i', 'I', 't', 'c') AND relnamespace IN (
        'public'::regnamespace, 'archive'::regnamespace, 'studio'::regnamespace)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND d.deptype = 'e')""")
"""Name, kind, whether it has row security, whether a view asks with its reader's rights."""

RELATION_GRANTS = text("""
    SELECT format('%s.%s', relnamespace::regnamespace, relname),
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type,
           is_grantable, attname
    FROM (SELECT oid, relnamespace, relname, relowner, NULL::name AS attname, relacl AS acl
          FROM pg_class WHERE relkind NOT IN ('i', 'I', 't', 'c')
          UNION ALL
          SELECT c.oid, relnamespace, relname, relowner, attname, attacl
          FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
          WHERE attnum > 0 AND NOT attisdropped) AS c, aclexplode(acl)
    WHERE grantee <> relowner AND relnamespace IN (
        'public'::regnamespace, 'archive'::regnamespace, 'studio'::regnamespace)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND d.deptype = 'e')""")
"""Name, grantee, privilege, grantable, column (NULL for the whole)."""

POLICIES = text("""
    SELECT format('%s.%s', relnamespace::regnamespace, relname), polname,
           array(SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END
                 FROM unnest(polroles) AS r (grantee)), polpermissive,
           CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
               WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
    FROM pg_policy JOIN pg_class c ON c.oid = polrelid""")
"""Table, name, roles, whether it allows (or narrows), command, condition, condition of writes."""

FUNCTIONS = text("""
    SELECT p.oid, p.oid::regprocedure::text, p.prosecdef, p.proowner::regrole::text,
           coalesce(p.proconfig, '{}')
    FROM pg_proc p
    WHERE pronamespace IN (
        'public'::regnamespace, 'archive'::regnamespace, 'studio'::regnamespace)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                      AND d.objid = p.oid AND d.deptype = 'e')""")
"""Number, signature, whether it runs as its owner, the owner, its settings."""

FUNCTION_NUMBER = text("SELECT to_regprocedure(:function)::oid")

FUNCTION_GRANTS = text("""
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type,
           is_grantable, NULL::name
    FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE p.oid = to_regprocedure(:function) AND grantee <> proowner""")

SCHEMAS = text(
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
)
SCHEMA_GRANTS = text("""
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type,
           is_grantable, NULL::name
    FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
    WHERE nspname = :schema AND grantee <> nspowner""")

DATABASE_GRANTS = text("""
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type,
           is_grantable, NULL::name
    FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
    WHERE datname = current_database() AND grantee <> datdba""")

ROLE = text("""
    SELECT array_remove(ARRAY[
        CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
        CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN NOT rolinherit THEN 'NOINHERIT' END], NULL), rolcanlogin
    FROM pg_roles WHERE rolname = :role""")
"""Attributes, whether it can sign in."""

# The columns of PostgreSQL 16 are read as JSON, since 15 has none of them: there every membership
# may be taken on, and is inherited. What a maker of roles keeps over those it made, from 16 on,
# gives none of their rights.
MEMBER_OF = text("""
    SELECT g.rolname FROM pg_auth_members m
    JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
    WHERE r.rolname = :role
      AND (coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
           OR coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true))""")

LOGINS = text("""
    SELECT l.role_name, CASE WHEN u.active AND r.rolcanlogin THEN u.access END
    FROM public.user_logins l JOIN public.users u ON u.id = l.user_id
    JOIN pg_roles r ON r.rolname = l.role_name""")
"""A person's login, and the access that it stands for; NULL where it is closed."""

JOBS_LOGINS = text("""
    SELECT rolname FROM pg_roles WHERE NOT rolsuper AND pg_has_role(oid, 'studio_jobs', 'USAGE')""")

DEFAULT_PRIVILEGES = text(
    "SELECT defaclrole::regrole::text, defaclobjtype::text FROM pg_default_acl"
)
