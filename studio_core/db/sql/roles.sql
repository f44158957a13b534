-- The groups that hold the rights, and the roles that definer functions run as. Roles belong to
-- the cluster and several studios may share one, so whatever exists already is left alone.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['studio_keeper', 'studio_closing', 'studio_roles'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    GRANT pg_read_all_stats TO studio_keeper;
    IF NOT (SELECT rolcreaterole FROM pg_roles WHERE rolname = 'studio_roles') THEN
        ALTER ROLE studio_roles CREATEROLE;
    END IF;
    -- From PostgreSQL 16 on, only the role that made a group may put members into it.
    SET LOCAL ROLE studio_roles;
    FOREACH wanted IN ARRAY ARRAY['studio_owner', 'studio_manager', 'studio_reception',
                                  'studio_artist', 'studio_jobs', 'studio_backup'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    RESET ROLE;
    -- Row security must not blind a backup of the whole database. The programs become this role
    -- for that alone and have none of its rights at any other time: they inherit nothing.
    IF NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'studio_backup') THEN
        ALTER ROLE studio_backup BYPASSRLS;
    END IF;
    IF (SELECT rolinherit FROM pg_roles WHERE rolname = 'studio_jobs') THEN
        ALTER ROLE studio_jobs NOINHERIT;
    END IF;
    IF NOT pg_has_role('studio_jobs', 'studio_backup', 'MEMBER') THEN
        SET LOCAL ROLE studio_roles;
        GRANT studio_backup TO studio_jobs;
        RESET ROLE;
    END IF;
END
$$;
