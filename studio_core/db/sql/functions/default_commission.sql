-- A payment without a percent takes the artist's. Imported ones keep what they came with.
CREATE OR REPLACE FUNCTION studio.default_commission() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.commission_percent IS NULL THEN
        SELECT commission_percent INTO NEW.commission_percent
        FROM public.users WHERE id = NEW.artist_id;
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION studio.default_commission() OWNER TO studio_keeper;
