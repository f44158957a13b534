-- Writes the audit of one statement. Only what differs is kept of an update. The values that
-- identify a client, or tell of their health, go to a table of their own, where anonymising can
-- empty them; secrets are not kept at all.
-- Arguments: the key column; the identifying columns, with commas; the column that holds the
-- client of those; the secret columns, with commas.
CREATE OR REPLACE FUNCTION studio.record_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key_column text := TG_ARGV[0];
    identity_columns text[] := string_to_array(coalesce(TG_ARGV[1], ''), ',');
    client_column text := coalesce(nullif(TG_ARGV[2], ''), key_column);
    left_out text[] := string_to_array(coalesce(TG_ARGV[3], ''), ',')
                       || ARRAY['name_key', 'search_key'];
    acting text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    who bigint := studio.current_user_id();
    correlation text := nullif(current_setting('studio.correlation_id', true), '');
    pairs text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT NULL::jsonb AS was, to_jsonb(n) AS is_now FROM new_rows n'
        WHEN 'DELETE' THEN 'SELECT to_jsonb(o) AS was, NULL::jsonb AS is_now FROM old_rows o'
        ELSE format('SELECT to_jsonb(o) AS was, to_jsonb(n) AS is_now
                     FROM old_rows o JOIN new_rows n ON o.%1$I = n.%1$I', key_column)
    END;
BEGIN
    EXECUTE format($q$
        WITH changed AS (
            SELECT coalesce(was, is_now) ->> %1$L AS row_key,
                   coalesce(was, is_now) ->> %3$L AS client_id,
                   CASE WHEN is_now IS NULL OR was IS NULL THEN was ELSE
                       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(was)
                        WHERE value IS DISTINCT FROM is_now -> key) END AS was,
                   CASE WHEN was IS NULL OR is_now IS NULL THEN is_now ELSE
                       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(is_now)
                        WHERE value IS DISTINCT FROM was -> key) END AS is_now
            FROM (%2$s) AS pairs
        ), numbered AS MATERIALIZED (
            SELECT nextval(pg_get_serial_sequence('public.audit_log', 'id')) AS id, changed.*
            FROM changed
        ), logged AS (
            INSERT INTO public.audit_log (id, table_name, row_key, action, before, after,
                                          login_role, acting_role, user_id, correlation_id)
            SELECT id, $1, row_key, $2, was - $3 - $4, is_now - $3 - $4, session_user, $5, $6, $7
            FROM numbered
        )
        INSERT INTO public.audit_identities (audit_id, client_id, before, after)
        SELECT id, client_id::bigint,
               (SELECT jsonb_object_agg(key, value) FROM jsonb_each(was) WHERE key = ANY ($3)),
               (SELECT jsonb_object_agg(key, value) FROM jsonb_each(is_now) WHERE key = ANY ($3))
        FROM numbered WHERE $3 <> '{}' AND (was ?| $3 OR is_now ?| $3)
        $q$, key_column, pairs, client_column)
    USING TG_TABLE_NAME, lower(TG_OP), identity_columns, left_out, acting, who, correlation;
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.record_changes() OWNER TO studio_keeper;
