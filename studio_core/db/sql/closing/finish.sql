-- The digest of one extrato: over its header, its totals, the digests of its tables and the digest
-- of the extrato closed before it, so that no month and no order can be changed unseen. jsonb
-- renders its keys in one fixed order, and holds no date or float here.
CREATE OR REPLACE FUNCTION studio.extrato_digest(e public.extratos) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT encode(sha256(convert_to(json_build_array('extrato/1', e.year, e.month, e.version,
        e.closing_order, e.counts, e.totals, e.table_digests, e.previous_digest)::text,
        'UTF8')), 'hex')
$$;

-- Puts an extrato at the end of the chain. One lock for all, until commit, or two closings of
-- different months would both follow the same one.
CREATE OR REPLACE FUNCTION studio.chain_extrato(e public.extratos) RETURNS public.extratos
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    LOCK TABLE public.extratos IN SHARE UPDATE EXCLUSIVE MODE;
    SELECT closing_order + 1, digest INTO e.closing_order, e.previous_digest
    FROM public.extratos ORDER BY closing_order DESC LIMIT 1;
    e.closing_order := coalesce(e.closing_order, 1);
    e.previous_digest := coalesce(e.previous_digest, '');
    e.version := 1 + coalesce((SELECT max(version) FROM public.extratos
                               WHERE year = e.year AND month = e.month), 0);
    e.digest := studio.extrato_digest(e);
    INSERT INTO public.extratos SELECT (e).*;
    RETURN e;
END
$$;
ALTER FUNCTION studio.chain_extrato(public.extratos) OWNER TO studio_closing;

-- Last step of a closing: everything that left must have arrived, and must be what the backup
-- holds (p_backup_digests: table -> digest; NULL where no backup is required). Writes the extrato
-- and closes the month. Returns {"extrato_id", "version", "digest"}.
CREATE OR REPLACE FUNCTION studio.closing_finish(
    p_month date, p_run bigint, p_backup bigint, p_backup_digests jsonb,
    p_source text DEFAULT 'closing') RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    plan jsonb := studio.closing_plan(p_month);
    target bigint := (plan ->> 'extrato_id')::bigint;
    arrived jsonb := studio.archived_rows(target);
    remaining jsonb := studio.month_rows(p_month);
    sums jsonb;
    e public.extratos;
    moved text;
BEGIN
    FOREACH moved IN ARRAY ARRAY['payments', 'commissions', 'expenses', 'sessions'] LOOP
        IF arrived -> moved -> 'rows' <> plan -> 'rows' -> moved -> 'rows'
           OR (arrived -> moved ->> 'sum')::numeric
              <> (plan -> 'rows' -> moved ->> 'sum')::numeric
           OR (moved <> 'sessions' AND remaining -> moved ->> 'rows' <> '0') THEN
            PERFORM studio.raise_rule('closing_mismatch', jsonb_build_object(
                'month', studio.month_label(p_month), 'table', moved));
        END IF;
        IF p_backup_digests IS NOT NULL
           AND p_backup_digests ->> moved IS DISTINCT FROM arrived -> moved ->> 'digest' THEN
            PERFORM studio.raise_rule('backup_stale', jsonb_build_object('name', 'in use',
                'month', studio.month_label(p_month), 'table', moved));
        END IF;
    END LOOP;

    INSERT INTO archive.names (extrato_id, kind, ref_id, name)
    SELECT target, 'client', c.id, coalesce(c.social_name, c.name) FROM public.clients c
    WHERE c.id IN (SELECT client_id FROM archive.payments WHERE extrato_id = target
                   UNION SELECT client_id FROM archive.sessions WHERE extrato_id = target)
    UNION ALL
    SELECT target, 'artist', u.id, u.name FROM public.users u
    WHERE u.id IN (SELECT artist_id FROM archive.payments WHERE extrato_id = target
                   UNION SELECT artist_id FROM archive.commissions WHERE extrato_id = target
                   UNION SELECT artist_id FROM archive.sessions WHERE extrato_id = target);

    sums := studio.month_totals(p_month, target);
    e.id := target;
    e.year := extract(year FROM p_month);
    e.month := extract(month FROM p_month);
    e.counts := sums -> 'counts';
    e.totals := sums -> 'totals';
    e.table_digests := arrived;
    e.source := p_source;
    e.run_id := p_run;
    e.backup_id := p_backup;
    e.closed_at := now();
    e.closed_by := studio.current_user_id();
    e := studio.chain_extrato(e);

    UPDATE public.accounting_months
    SET state = 'closed', closing = NULL, changed_at = now() WHERE month_start = p_month;
    PERFORM studio.announce_closing(p_month, 'close', e.id);
    RETURN jsonb_build_object('extrato_id', e.id, 'version', e.version, 'digest', e.digest);
END
$$;
ALTER FUNCTION studio.closing_finish(date, bigint, bigint, jsonb, text) OWNER TO studio_closing;

-- One audit entry and one announcement for a whole closing or reopening.
CREATE OR REPLACE FUNCTION studio.announce_closing(p_month date, p_action text, p_extrato bigint,
    p_why text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    touched text;
BEGIN
    INSERT INTO public.audit_log (table_name, row_key, action, after, login_role, acting_role,
                                  user_id, correlation_id)
    VALUES ('accounting_months', p_month::text, p_action,
            jsonb_build_object('extrato_id', p_extrato, 'why', p_why), session_user,
            coalesce(nullif(current_setting('role'), 'none'), session_user),
            studio.current_user_id(), nullif(current_setting('studio.correlation_id', true), ''));
    FOREACH touched IN ARRAY ARRAY['payments', 'commissions', 'expenses', 'extratos',
                                   'accounting_months'] LOOP
        PERFORM pg_notify('studio_changes', jsonb_build_object('table', touched, 'ids', NULL)::text);
    END LOOP;
END
$$;
ALTER FUNCTION studio.announce_closing(date, text, bigint, text) OWNER TO studio_closing;
