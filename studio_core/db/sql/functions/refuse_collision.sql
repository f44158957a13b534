-- Refuses a session that overlaps another of the same artist or chair and says which. It sees
-- the sessions that were allowed to overlap, and those that row security hides from the asker;
-- the exclusion constraints hold even where a trigger is switched off.
CREATE OR REPLACE FUNCTION studio.refuse_collision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    other record;
BEGIN
    -- One desk at a time for an artist, then for a chair: the next one sees what the first booked
    -- and can be told who has the hour. Left to the exclusion constraints alone, many at once wait
    -- for each other until one is killed as a deadlock.
    PERFORM pg_advisory_xact_lock(hashtext('studio.artist'), (NEW.artist_id % 2147483647)::integer);
    IF NEW.chair IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('studio.chair'), hashtext(NEW.chair));
    END IF;
    SELECT s.starts_at AT TIME ZONE studio.zone() AS starts,
           s.ends_at AT TIME ZONE studio.zone() AS ends,
           CASE WHEN s.artist_id = NEW.artist_id THEN u.name ELSE s.chair END AS who
    INTO other
    FROM public.sessions s JOIN public.users u ON u.id = s.artist_id
    WHERE s.id <> NEW.id
      AND (s.artist_id = NEW.artist_id OR s.chair = NEW.chair)
      AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at
      -- No session is longer than a day: so the index on its start finds the few that could be.
      AND s.starts_at > NEW.starts_at - interval '1 day'
      AND s.status NOT IN ('cancelled', 'no_show')
    ORDER BY s.starts_at LIMIT 1;
    IF FOUND THEN
        PERFORM studio.raise_rule('session_collision', jsonb_build_object(
            'who', other.who, 'from_time', to_char(other.starts, 'HH24:MI'),
            'to_time', to_char(other.ends, 'HH24:MI')));
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION studio.refuse_collision() OWNER TO studio_keeper;
