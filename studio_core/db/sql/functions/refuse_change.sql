-- What is written here once stays as it was written.
CREATE OR REPLACE FUNCTION studio.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
        MESSAGE = format('rows of %I.%I are never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME);
END
$$;
