-- The SHA-256 of one row over a versioned list of its columns, rendered in one fixed way: money as
-- plain decimals, days as ISO, instants in UTC with microseconds. No session setting has a say, so
-- any program at any time gets the same. A new column means a new version of the list ("/2"), under
-- which rows are hashed from then on. The live and the archived row of a table hash alike.
CREATE OR REPLACE FUNCTION studio.instant(t timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

DO $$
DECLARE
    hashed record;
    shape text;
BEGIN
    FOR hashed IN SELECT * FROM (VALUES
        ('payments', $c$p.id, to_char(p.paid_on, 'YYYY-MM-DD'), p.amount::text, p.tip_amount::text,
            p.method, p.kind, p.client_id, p.artist_id, p.session_id, p.commission_percent::text,
            p.corrects_payment_id, p.notes, p.imported, studio.instant(p.voided_at), p.voided_by,
            p.void_reason$c$),
        ('commissions', $c$p.id, p.payment_id, p.artist_id, p.percent::text, p.amount::text,
            to_char(p.accrued_on, 'YYYY-MM-DD'), p.notes, p.imported, studio.instant(p.voided_at),
            p.voided_by, p.void_reason$c$),
        ('expenses', $c$p.id, to_char(p.spent_on, 'YYYY-MM-DD'), p.amount::text, p.description,
            p.category, p.method, p.corrects_expense_id, p.notes, p.imported,
            studio.instant(p.voided_at), p.voided_by, p.void_reason$c$),
        ('sessions', $c$p.id, p.client_id, p.artist_id, p.chair, studio.instant(p.starts_at),
            studio.instant(p.ends_at), p.time_known, p.type, p.project, p.agreed_price::text,
            p.status, p.overlap_allowed, p.google_event_id, p.notes$c$)
    ) AS t (name, columns) LOOP
        FOREACH shape IN ARRAY ARRAY['public', 'archive'] LOOP
            EXECUTE format(
                'CREATE OR REPLACE FUNCTION studio.row_hash(p %1$I.%2$I) RETURNS bytea
                 LANGUAGE sql STABLE PARALLEL SAFE AS $f$
                 SELECT sha256(convert_to(json_build_array(%3$L, %4$s, studio.instant(p.created_at),
                     p.created_by, studio.instant(p.updated_at), p.updated_by, p.version)::text,
                     ''UTF8'')) $f$',
                shape, hashed.name, hashed.name || '/1', hashed.columns);
        END LOOP;
    END LOOP;
END
$$;
