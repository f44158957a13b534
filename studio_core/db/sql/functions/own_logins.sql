-- All logins of the person who asks: what was asked for by one of them, and whose answer was lost,
-- is asked for again by another when that one has ended.
CREATE OR REPLACE FUNCTION studio.own_logins() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(role_name), '{}') FROM public.user_logins
    WHERE user_id = studio.current_user_id()
$$;
ALTER FUNCTION studio.own_logins() OWNER TO studio_keeper;
