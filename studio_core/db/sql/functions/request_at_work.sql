-- Whether somebody is alive who works on a request: its worker, its run, or a closing of its month
-- whose program died a moment ago and whose commit may still be under way.
CREATE OR REPLACE FUNCTION studio.request_at_work(p_request bigint) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.extrato_requests r
        CROSS JOIN LATERAL (VALUES
            ('studio.request.work', r.id),
            ('studio.run', r.run_id),
            ('studio.closing', to_char(r.month_start, 'YYYYMM')::bigint)) AS sign (name, number)
        JOIN pg_locks l ON l.classid = (hashtext(name)::bigint & 4294967295)::oid
                       AND l.objid = number::oid
        JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        WHERE r.id = p_request
          AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 2)
$$;
ALTER FUNCTION studio.request_at_work(bigint) OWNER TO studio_keeper;
