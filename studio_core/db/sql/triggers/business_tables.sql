-- What every business table does on a write: stamp the row, record the change, announce it.
-- The closing's own functions are exempt by the role they run as, which nobody can become: their
-- thousands of moved rows are recorded and announced as one run.
DO $$
DECLARE
    business record;
    op text;
    rows_named text;
BEGIN
    FOR business IN
        SELECT * FROM (VALUES
            -- Its key, what identifies a client and whose it is, what is secret; whether it is
            -- stamped, whether the desks hear of it.
            ('users', 'id', '', '', '', true, true),
            ('user_logins', 'role_name', '', '', '', false, true),
            ('user_pins', 'user_id', '', '', 'hash', false, false),
            ('clients', 'id',
             'name,social_name,phone,email,cpf,birth_date,instagram,address,notes', 'id', '',
             true, true),
            ('client_flags', 'id', 'note', 'client_id', '', true, true),
            ('client_health_answers', 'id', 'question,answer', 'client_id', '', true, true),
            ('sessions', 'id', '', '', '', true, true),
            ('payments', 'id', '', '', '', true, true),
            ('commissions', 'id', '', '', '', true, true),
            ('expenses', 'id', '', '', '', true, true),
            ('accounting_months', 'month_start', '', '', '', false, true),
            ('stock_items', 'id', '', '', '', true, true),
            ('stock_movements', 'id', '', '', '', false, true),
            ('settings', 'key', '', '', '', false, true),
            ('extratos', 'id', '', '', '', false, true),
            ('extrato_runs', 'id', '', '', '', false, false),
            ('extrato_requests', 'id', '', '', '', false, false),
            ('backups', 'id', '', '', '', false, false),
            ('full_backups', 'id', '', '', '', false, false)
        ) AS t (name, key_column, identity_columns, client_column, secret_columns, stamped,
                announced)
    LOOP
        IF business.stamped THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER a_stamp BEFORE INSERT OR UPDATE ON public.%I
                FOR EACH ROW WHEN (current_user <> ''studio_closing'')
                EXECUTE FUNCTION studio.stamp()', business.name);
        END IF;
        FOREACH op IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            rows_named := CASE op
                WHEN 'INSERT' THEN 'NEW TABLE AS new_rows'
                WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
                ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END;
            EXECUTE format('CREATE OR REPLACE TRIGGER record_%s AFTER %s ON public.%I
                REFERENCING %s FOR EACH STATEMENT WHEN (current_user <> ''studio_closing'')
                EXECUTE FUNCTION studio.record_changes(%L, %L, %L, %L)',
                lower(op), op, business.name, rows_named, business.key_column,
                business.identity_columns, business.client_column, business.secret_columns);
            CONTINUE WHEN NOT business.announced;
            EXECUTE format('CREATE OR REPLACE TRIGGER announce_%s AFTER %s ON public.%I
                REFERENCING %s FOR EACH STATEMENT WHEN (current_user <> ''studio_closing'')
                EXECUTE FUNCTION studio.announce_changes(%L)',
                lower(op), op, business.name, rows_named, business.key_column);
        END LOOP;
    END LOOP;
END
$$;
