-- What a payment's commission must be. round() is half away from zero. A refund takes back what
-- its sale gave: all refunds of one sale together are rounded once, so that giving everything back
-- in parts leaves not a cent with the artist. Refunds of an archived sale count wherever they are.
CREATE OR REPLACE FUNCTION studio.commission_due(p public.payments) RETURNS numeric
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    returned numeric;
    taken_back numeric;
BEGIN
    IF p.kind <> 'refund' OR p.corrects_payment_id IS NULL THEN
        RETURN round(p.amount * p.commission_percent / 100, 2);
    END IF;
    SELECT coalesce(sum(r.amount), 0), coalesce(sum(c.amount), 0) INTO returned, taken_back
    FROM (SELECT id, amount FROM public.payments
          WHERE corrects_payment_id = p.corrects_payment_id AND kind = 'refund'
            AND voided_at IS NULL AND id <> p.id
          UNION ALL
          SELECT id, amount FROM archive.payments
          WHERE corrects_payment_id = p.corrects_payment_id AND kind = 'refund'
            AND voided_at IS NULL) AS r
    JOIN LATERAL (
        SELECT amount FROM public.commissions WHERE payment_id = r.id AND voided_at IS NULL
        UNION ALL
        SELECT amount FROM archive.commissions WHERE payment_id = r.id AND voided_at IS NULL
    ) AS c ON true;
    RETURN round((returned + p.amount) * p.commission_percent / 100, 2) - taken_back;
END
$$;
ALTER FUNCTION studio.commission_due(public.payments) OWNER TO studio_keeper;
