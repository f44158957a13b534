-- The clients that the asking artist has sessions or payments with, for their row security: one
-- list, looked up by key, where a condition on each of a million clients would take a second.
CREATE OR REPLACE FUNCTION studio.own_clients() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(client_id), '{}') FROM public.client_artists
    WHERE artist_id = studio.current_user_id()
$$;
ALTER FUNCTION studio.own_clients() OWNER TO studio_keeper;
