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
                                  'studio_artist', 'studio_jobs', 'studio_backup', 'studio_api'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    ALTER ROLE studio_api NOINHERIT;
    IF NOT pg_has_role('studio_jobs', 'studio_api', 'MEMBER') THEN
        GRANT studio_api TO studio_jobs;
    END IF;
    RESET ROLE;
END
$$;
