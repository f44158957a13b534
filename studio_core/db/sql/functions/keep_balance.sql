-- A movement moves its item's balance; the check on the item refuses a negative one.
CREATE OR REPLACE FUNCTION studio.keep_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.stock_items SET balance = balance + NEW.quantity WHERE id = NEW.item_id;
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.keep_balance() OWNER TO studio_keeper;
