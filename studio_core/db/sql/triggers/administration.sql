-- What owners look after is announced, though it is no business of the books and not audited.
DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY['health_reports', 'backups', 'full_backups'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER announce_insert AFTER INSERT ON public.%I
            REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
            EXECUTE FUNCTION studio.announce_changes(''id'')', watched);
        EXECUTE format('CREATE OR REPLACE TRIGGER announce_update AFTER UPDATE ON public.%I
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
            EXECUTE FUNCTION studio.announce_changes(''id'')', watched);
    END LOOP;
END
$$;

-- Raising an alert announces it already.
CREATE OR REPLACE TRIGGER a_stamp_seen BEFORE UPDATE OF seen_at, seen_by ON public.alerts
    FOR EACH ROW EXECUTE FUNCTION studio.stamp_seen();
CREATE OR REPLACE TRIGGER announce_update AFTER UPDATE ON public.alerts
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION studio.announce_changes('id');
