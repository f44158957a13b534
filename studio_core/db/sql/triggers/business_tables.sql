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
            ('users', 'id', '', true),
            ('user_logins', 'role_name', '', false),
            ('clients', 'id', 'name,social_name,phone,email,cpf,birth_date,instagram,address,notes',
             true),
            ('client_flags', 'id', '', true),
            ('sessions', 'id', '', true),
            ('payments', 'id', '', true),
            ('commissions', 'id', '', true),
            ('expenses', 'id', '', true),
            ('accounting_months', 'month_start', '', false),
            ('stock_items', 'id', '', true),
            ('stock_movements', 'id', '', false),
            ('settings', 'key', '', false),
            ('extratos', 'id', '', false)
        ) AS t (name, key_column, identity_columns, stamped)
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
                EXECUTE FUNCTION studio.record_changes(%L, %L)',
                lower(op), op, business.name, rows_named,
                business.key_column, business.identity_columns);
            EXECUTE format('CREATE OR REPLACE TRIGGER announce_%s AFTER %s ON public.%I
                REFERENCING %s FOR EACH STATEMENT WHEN (current_user <> ''studio_closing'')
                EXECUTE FUNCTION studio.announce_changes(%L)',
                lower(op), op, business.name, rows_named, business.key_column);
        END LOOP;
    END LOOP;
END
$$;
