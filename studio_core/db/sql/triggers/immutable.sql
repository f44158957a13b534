-- The audit and the archive are written once, even by an administrator. Only the closing's own
-- functions may take archived rows back out; archived names and audited identities may be erased.
CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION studio.refuse_change();
CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION studio.refuse_change();
CREATE OR REPLACE TRIGGER erase_only BEFORE UPDATE ON public.audit_identities
    FOR EACH ROW EXECUTE FUNCTION studio.erase_only();
CREATE OR REPLACE TRIGGER refuse_delete BEFORE DELETE OR TRUNCATE ON public.audit_identities
    FOR EACH STATEMENT EXECUTE FUNCTION studio.refuse_change();
DO $$
DECLARE
    archived text;
BEGIN
    FOREACH archived IN ARRAY ARRAY['payments', 'commissions', 'expenses', 'sessions'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE
            ON archive.%I FOR EACH STATEMENT WHEN (current_user <> ''studio_closing'')
            EXECUTE FUNCTION studio.refuse_change()', archived);
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE
            ON archive.%I FOR EACH STATEMENT EXECUTE FUNCTION studio.refuse_change()', archived);
    END LOOP;
END
$$;
CREATE OR REPLACE TRIGGER refuse_delete BEFORE DELETE ON public.extratos
    FOR EACH STATEMENT EXECUTE FUNCTION studio.refuse_change();
