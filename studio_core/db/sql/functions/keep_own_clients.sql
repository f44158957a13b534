-- Keeps whose client is whose equal to the sessions and payments there are, live and archived.
-- A pair that a row names is shared until that row is committed; one that may have lost its last
-- row is held alone while it is looked for: so no pair outlives its rows, and no row its pair.
CREATE OR REPLACE FUNCTION studio.keep_own_clients() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- An update that leaves artist and client alone, as almost all do, names no pair.
    pairs constant text := CASE TG_OP
        WHEN 'UPDATE' THEN
            'SELECT DISTINCT %1$s.artist_id, %1$s.client_id
             FROM new_rows JOIN old_rows USING (id)
             WHERE %1$s.client_id IS NOT NULL
               AND (new_rows.artist_id, new_rows.client_id)
                   IS DISTINCT FROM (old_rows.artist_id, old_rows.client_id)'
        ELSE 'SELECT DISTINCT artist_id, client_id FROM %1$s WHERE client_id IS NOT NULL' END;
    come constant text := format(pairs, 'new_rows');
    gone constant text := format(pairs, 'old_rows');
    wanted bigint := 0;
    held bigint;
    pair record;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        EXECUTE 'SELECT count(*) FROM (' || come || ') AS p' INTO wanted;
    END IF;
    WHILE wanted > 0 LOOP
        EXECUTE 'INSERT INTO public.client_artists (artist_id, client_id) ' || come ||
            ' ORDER BY 1, 2 ON CONFLICT DO NOTHING';
        EXECUTE 'SELECT count(*) FROM (SELECT FROM public.client_artists c
                 JOIN (' || come || ') AS p USING (artist_id, client_id)
                 ORDER BY c.artist_id, c.client_id FOR KEY SHARE OF c) AS shared' INTO held;
        -- One of them may have gone between the two statements.
        EXIT WHEN held = wanted;
    END LOOP;
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    FOR pair IN EXECUTE gone || ' ORDER BY 1, 2' LOOP
        PERFORM FROM public.client_artists
        WHERE artist_id = pair.artist_id AND client_id = pair.client_id FOR UPDATE;
        -- A statement of its own sees what was committed while this one waited.
        DELETE FROM public.client_artists c
        WHERE c.artist_id = pair.artist_id AND c.client_id = pair.client_id
          AND NOT EXISTS (SELECT FROM public.sessions s
              WHERE s.client_id = c.client_id AND s.artist_id = c.artist_id)
          AND NOT EXISTS (SELECT FROM public.payments p
              WHERE p.client_id = c.client_id AND p.artist_id = c.artist_id)
          AND NOT EXISTS (SELECT FROM archive.sessions s
              WHERE s.client_id = c.client_id AND s.artist_id = c.artist_id)
          AND NOT EXISTS (SELECT FROM archive.payments p
              WHERE p.client_id = c.client_id AND p.artist_id = c.artist_id);
    END LOOP;
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.keep_own_clients() OWNER TO studio_keeper;
