-- Refuses with a code and its values, which the programs turn into a sentence.
CREATE OR REPLACE FUNCTION studio.raise_rule(code text, params jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'ST001', MESSAGE = code, DETAIL = params::text;
END
$$;
