-- The groups that hold the rights, and the roles that definer functions run as; rights.py lists
-- them. Roles belong to the cluster and several studios may share one, so whatever exists already
-- is left alone.
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
    -- Whoever is disabled is disconnected as well.
    GRANT pg_signal_backend TO studio_roles;
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
    BEGIN
        CREATE ROLE studio_api NOLOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    -- The server's jobs may act as a person, by SET ROLE, and have none of a person's rights before.
    IF current_setting('server_version_num')::integer >= 160000 THEN
        EXECUTE 'GRANT studio_api TO studio_jobs WITH INHERIT FALSE, SET TRUE';
    ELSE
        GRANT studio_api TO studio_jobs;
    END IF;
    RESET ROLE;
    -- A whole backup must not be blinded by row security. The jobs become this role for that alone
    -- and have none of its rights at any other time: they inherit nothing.
    IF NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'studio_backup') THEN
        ALTER ROLE studio_backup BYPASSRLS;
    END IF;
    IF (SELECT rolinherit FROM pg_roles WHERE rolname = 'studio_jobs') THEN
        ALTER ROLE studio_jobs NOINHERIT;
    END IF;
    SET LOCAL ROLE studio_roles;
    IF current_setting('server_version_num')::integer >= 160000 THEN
        EXECUTE 'GRANT studio_backup TO studio_jobs WITH INHERIT FALSE, SET TRUE';
    ELSE
        GRANT studio_backup TO studio_jobs;
    END IF;
    RESET ROLE;
END
$$;
