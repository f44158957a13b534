-- Runs at commit: nobody can save half a closing.
CREATE OR REPLACE FUNCTION studio.refuse_unfinished_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM public.accounting_months
               WHERE month_start = NEW.month_start AND state = 'closing') THEN
        PERFORM studio.raise_rule('closing_unfinished');
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.refuse_unfinished_closing() OWNER TO studio_keeper;
