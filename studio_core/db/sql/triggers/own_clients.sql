-- Whose client is whose follows sessions and payments. The closing only moves rows, which changes
-- no pair. Always: a restore writes with other triggers off, and these pairs come with the rows.
DO $$
DECLARE
    source text;
    op text;
    rows_named text;
BEGIN
    FOREACH source IN ARRAY ARRAY['sessions', 'payments'] LOOP
        FOREACH op IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            rows_named := CASE op
                WHEN 'INSERT' THEN 'NEW TABLE AS new_rows'
                WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
                ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END;
            EXECUTE format('CREATE OR REPLACE TRIGGER keep_own_clients_%s AFTER %s ON public.%I
                REFERENCING %s FOR EACH STATEMENT WHEN (current_user <> ''studio_closing'')
                EXECUTE FUNCTION studio.keep_own_clients()',
                lower(op), op, source, rows_named);
            EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER keep_own_clients_%s',
                source, lower(op));
        END LOOP;
    END LOOP;
END
$$;
