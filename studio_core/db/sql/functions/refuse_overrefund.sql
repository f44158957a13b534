-- Refuses to give back more than a payment brought in, wherever it and its refunds stand now.
CREATE OR REPLACE FUNCTION studio.refuse_overrefund(p_payment bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    paid numeric;
    returned numeric;
BEGIN
    SELECT amount INTO paid FROM public.payments WHERE id = p_payment
    UNION ALL SELECT amount FROM archive.payments WHERE id = p_payment;
    IF NOT FOUND THEN
        PERFORM studio.raise_rule('no_such_payment');
    END IF;
    SELECT -coalesce(sum(amount), 0) INTO returned FROM (
        SELECT amount FROM public.payments
        WHERE corrects_payment_id = p_payment AND kind = 'refund' AND voided_at IS NULL
        UNION ALL
        SELECT amount FROM archive.payments
        WHERE corrects_payment_id = p_payment AND kind = 'refund' AND voided_at IS NULL) AS refunds;
    IF returned > paid THEN
        PERFORM studio.raise_rule('refund_too_large', jsonb_build_object('limit', paid));
    END IF;
END
$$;
ALTER FUNCTION studio.refuse_overrefund(bigint) OWNER TO studio_keeper;
