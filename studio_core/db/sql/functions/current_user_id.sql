-- The person behind this connection: by the role acted under, else by the role signed in with.
-- Whoever takes on a group by SET ROLE stays who they are. Inside a definer function current_user
-- is the definer, so it cannot be asked.
CREATE OR REPLACE FUNCTION studio.current_user_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT user_id FROM public.user_logins
    WHERE role_name IN (current_setting('role'), session_user)
    ORDER BY role_name = current_setting('role') DESC LIMIT 1
$$;
ALTER FUNCTION studio.current_user_id() OWNER TO studio_keeper;
