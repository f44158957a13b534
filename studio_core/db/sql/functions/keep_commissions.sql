-- Keeps each payment's commission equal to what its percent says, in the same transaction,
-- whatever program wrote the payment: never stale, never an orphan. A deposit earns nothing until
-- it is used.
CREATE OR REPLACE FUNCTION studio.keep_commissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    refund record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id)
                   WHERE n.imported AND (n.amount, n.paid_on, n.artist_id, n.commission_percent)
                         IS DISTINCT FROM (o.amount, o.paid_on, o.artist_id, o.commission_percent))
        THEN
            PERFORM studio.raise_rule('imported_row');
        END IF;
        UPDATE public.commissions c
        SET voided_at = n.voided_at, voided_by = n.voided_by, void_reason = n.void_reason
        FROM new_rows n
        WHERE c.payment_id = n.id AND c.voided_at IS NULL AND n.voided_at IS NOT NULL;

        UPDATE public.commissions c
        SET voided_at = now(), voided_by = studio.current_user_id(),
            void_reason = 'the payment earns no commission'
        FROM new_rows n
        WHERE c.payment_id = n.id AND c.voided_at IS NULL AND NOT n.imported
          AND (n.commission_percent = 0 OR n.kind = 'deposit');

        UPDATE public.commissions c
        SET artist_id = p.artist_id, percent = p.commission_percent, accrued_on = p.paid_on,
            amount = studio.commission_due(p)
        FROM public.payments p JOIN new_rows n USING (id)
        WHERE c.payment_id = p.id AND c.voided_at IS NULL AND NOT p.imported
          AND (c.artist_id, c.percent, c.accrued_on, c.amount) IS DISTINCT FROM
              (p.artist_id, p.commission_percent, p.paid_on, studio.commission_due(p));
    END IF;

    PERFORM studio.refuse_overrefund(original) FROM (
        SELECT DISTINCT corrects_payment_id AS original FROM new_rows
        WHERE kind = 'refund' AND corrects_payment_id IS NOT NULL AND NOT imported) AS refunded;

    INSERT INTO public.commissions (payment_id, artist_id, percent, amount, accrued_on)
    SELECT n.id, n.artist_id, n.commission_percent,
           round(n.amount * n.commission_percent / 100, 2), n.paid_on
    FROM new_rows n
    WHERE n.commission_percent > 0 AND n.kind NOT IN ('deposit', 'refund') AND n.voided_at IS NULL
      AND NOT n.imported
      AND NOT EXISTS (SELECT FROM public.commissions c
                      WHERE c.payment_id = n.id AND c.voided_at IS NULL)
    ORDER BY n.id;

    -- One by one, since each depends on what the refunds before it took back.
    FOR refund IN
        SELECT p AS payment FROM public.payments p JOIN new_rows n USING (id)
        WHERE p.commission_percent > 0 AND p.kind = 'refund' AND p.voided_at IS NULL
          AND NOT p.imported
          AND NOT EXISTS (SELECT FROM public.commissions c
                          WHERE c.payment_id = p.id AND c.voided_at IS NULL)
        ORDER BY p.id
    LOOP
        INSERT INTO public.commissions (payment_id, artist_id, percent, amount, accrued_on)
        VALUES ((refund.payment).id, (refund.payment).artist_id,
                (refund.payment).commission_percent, studio.commission_due(refund.payment),
                (refund.payment).paid_on);
    END LOOP;
    RETURN NULL;
END
$$;
ALTER FUNCTION studio.keep_commissions() OWNER TO studio_keeper;
