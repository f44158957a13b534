-- Tells the other desks, once a statement, which rows of a table changed: their ids when few,
-- null when many, or where the key is no number. Only ids travel, since every role may listen.
-- Argument: the key column.
CREATE OR REPLACE FUNCTION studio.announce_changes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ids jsonb;
BEGIN
    EXECUTE format('SELECT jsonb_agg(%1$I) FROM (SELECT %1$I FROM %2$I LIMIT 51) AS few',
                   TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END)
    INTO ids;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_notify('studio_changes', jsonb_build_object('table', TG_TABLE_NAME, 'ids',
        CASE WHEN jsonb_array_length(ids) <= 50 AND jsonb_typeof(ids -> 0) = 'number'
            THEN ids END)::text);
    RETURN NULL;
END
$$;
