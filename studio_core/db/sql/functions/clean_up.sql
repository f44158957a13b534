-- What may go after a while: it told how something went, and nobody asks any more. Money's own
-- memory (payments, requests of desks, runs, extratos, backups of months) and the audit log are not
-- here, and never will be. Whatever else grows with the days belongs here, a line each, with its
-- DELETE for studio_keeper in rights.py.
-- place: the table. rows_to_go: a condition; $1 is the moment from which their age is counted.
CREATE OR REPLACE FUNCTION studio.outdated() RETURNS TABLE (place text, rows_to_go text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
    ('extrato_progress', 'run_id IN (SELECT id FROM public.extrato_runs
                                     WHERE finished_at < $1 - interval ''30 days'')'),
    ('extrato_requests', 'finished_at < $1 - interval ''1 year'''),
    ('alerts', 'at < $1 - interval ''1 year''
                AND (seen_at IS NOT NULL OR at < $1 - interval ''3 years'')'),
    ('full_backups', 'removed_at < $1 - interval ''1 year''')
$$;
ALTER FUNCTION studio.outdated() OWNER TO studio_keeper;

-- Whether anything is more than a day late: so it is done once a day, for all that came of age.
CREATE OR REPLACE FUNCTION studio.clean_up_due() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
    found_any boolean;
BEGIN
    FOR kept IN SELECT * FROM studio.outdated() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE %s)',
                       kept.place, kept.rows_to_go)
        INTO found_any USING now() - interval '1 day';
        IF found_any THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;
ALTER FUNCTION studio.clean_up_due() OWNER TO studio_keeper;

-- Removes what is outdated. Returns the rows that went, by table; tables without any are left out.
CREATE OR REPLACE FUNCTION studio.clean_up() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
    gone bigint;
    report jsonb := '{}';
BEGIN
    FOR kept IN SELECT * FROM studio.outdated() LOOP
        EXECUTE format('DELETE FROM public.%I WHERE %s', kept.place, kept.rows_to_go) USING now();
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone > 0 THEN
            report := report || jsonb_build_object(kept.place, gone);
        END IF;
    END LOOP;
    RETURN report;
END
$$;
ALTER FUNCTION studio.clean_up() OWNER TO studio_keeper;
