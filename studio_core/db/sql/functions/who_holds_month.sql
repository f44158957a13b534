-- Names whoever holds the lock of a month's row at this moment: people by their name, programs by
-- the name they connected with. Asked from a second connection while a closing waits.
CREATE OR REPLACE FUNCTION studio.who_holds_month(p_month date) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH waiting AS (
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database()
          AND application_name LIKE 'studio closing ' || studio.month_label(p_month) || '%'
    ), holding AS (
        SELECT DISTINCT unnest(pg_blocking_pids(pid)) AS pid FROM waiting
    )
    SELECT string_agg(DISTINCT coalesce(u.name, a.usename::text)
                      || coalesce(' (' || nullif(a.application_name, '') || ')', ''), ', ')
    FROM holding h JOIN pg_stat_activity a USING (pid)
    LEFT JOIN public.user_logins l ON l.role_name = a.usename
    LEFT JOIN public.users u ON u.id = l.user_id
$$;
ALTER FUNCTION studio.who_holds_month(date) OWNER TO studio_keeper;
