-- The person behind this connection: by the role acted under, else by the role signed in with.
-- Inside a definer function current_user is the definer, so it cannot be asked.
CREATE OR REPLACE FUNCTION studio.current_user_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT user_id FROM public.user_logins
    WHERE role_name = coalesce(nullif(current_setting('role'), 'none'), session_user)
$$;
ALTER FUNCTION studio.current_user_id() OWNER TO studio_keeper;
