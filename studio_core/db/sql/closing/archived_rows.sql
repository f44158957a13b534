-- What one extrato holds in each table of the archive: rows, sum of money, and the SHA-256 over
-- the row hashes in key order.
CREATE OR REPLACE FUNCTION studio.archived_rows(p_extrato bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_object(
        'payments', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(amount), 0.00)::text, 'digest',
                encode(sha256(coalesce(string_agg(row_hash, '' ORDER BY id), '')), 'hex'))
            FROM archive.payments WHERE extrato_id = p_extrato),
        'commissions', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(amount), 0.00)::text, 'digest',
                encode(sha256(coalesce(string_agg(row_hash, '' ORDER BY id), '')), 'hex'))
            FROM archive.commissions WHERE extrato_id = p_extrato),
        'expenses', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(amount), 0.00)::text, 'digest',
                encode(sha256(coalesce(string_agg(row_hash, '' ORDER BY id), '')), 'hex'))
            FROM archive.expenses WHERE extrato_id = p_extrato),
        'sessions', (SELECT jsonb_build_object('rows', count(*),
                'sum', coalesce(sum(agreed_price), 0.00)::text, 'digest',
                encode(sha256(coalesce(string_agg(row_hash, '' ORDER BY id), '')), 'hex'))
            FROM archive.sessions WHERE extrato_id = p_extrato))
$$;
