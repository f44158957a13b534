-- The ledger's own triggers; names decide the order in which triggers of one kind fire.
DO $$
DECLARE
    booked record;
    op text;
    rows_named text;
BEGIN
    FOR booked IN
        SELECT * FROM (VALUES ('payments', 'paid_on'), ('commissions', 'accrued_on'),
                              ('expenses', 'spent_on')) AS t (name, date_column)
    LOOP
        FOREACH op IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            rows_named := CASE op
                WHEN 'INSERT' THEN 'NEW TABLE AS new_rows'
                WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
                ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END;
            EXECUTE format('CREATE OR REPLACE TRIGGER a_hold_months_%s AFTER %s ON public.%I
                REFERENCING %s FOR EACH STATEMENT WHEN (current_user <> ''studio_closing'')
                EXECUTE FUNCTION studio.hold_months(%L)',
                lower(op), op, booked.name, rows_named, booked.date_column);
        END LOOP;
    END LOOP;
END
$$;

-- What voids a payment's commission is the payment.
CREATE OR REPLACE TRIGGER c_void BEFORE UPDATE ON public.payments
    FOR EACH ROW WHEN (OLD.voided_at IS NOT NULL OR NEW.voided_at IS NOT NULL)
    EXECUTE FUNCTION studio.stamp_void();
CREATE OR REPLACE TRIGGER c_void BEFORE UPDATE ON public.expenses
    FOR EACH ROW WHEN (OLD.voided_at IS NOT NULL OR NEW.voided_at IS NOT NULL)
    EXECUTE FUNCTION studio.stamp_void();

CREATE OR REPLACE TRIGGER b_default_commission BEFORE INSERT ON public.payments
    FOR EACH ROW WHEN (current_user <> 'studio_closing' AND NOT NEW.imported)
    EXECUTE FUNCTION studio.default_commission();
CREATE OR REPLACE TRIGGER keep_commissions_insert AFTER INSERT ON public.payments
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
    WHEN (current_user <> 'studio_closing') EXECUTE FUNCTION studio.keep_commissions();
CREATE OR REPLACE TRIGGER keep_commissions_update AFTER UPDATE ON public.payments
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    WHEN (current_user <> 'studio_closing') EXECUTE FUNCTION studio.keep_commissions();

DROP TRIGGER IF EXISTS refuse_unfinished_closing ON public.accounting_months;
CREATE CONSTRAINT TRIGGER refuse_unfinished_closing
    AFTER INSERT OR UPDATE ON public.accounting_months DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'closing')
    EXECUTE FUNCTION studio.refuse_unfinished_closing();
