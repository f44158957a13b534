-- Refuses what is not a SCRAM verifier as libpq makes it: the server would take any other text for
-- a password in plain letters. Fewer rounds than the usual would make it quick to guess.
CREATE OR REPLACE FUNCTION studio.require_verifier(p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rounds text := substring(p_verifier FROM
        '^SCRAM-SHA-256\$([0-9]{1,9}):[A-Za-z0-9+/]{20,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$');
BEGIN
    IF rounds IS NULL OR rounds::integer < 4096 THEN
        PERFORM studio.raise_rule('password_not_a_verifier');
    END IF;
END
$$;
ALTER FUNCTION studio.require_verifier(text) OWNER TO studio_roles;
