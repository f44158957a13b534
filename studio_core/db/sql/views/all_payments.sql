-- Payments of open and closed months together, under the reader's own rights.
CREATE OR REPLACE VIEW public.all_payments WITH (security_invoker = true) AS
SELECT id, paid_on, amount, tip_amount, method, kind, client_id, artist_id, session_id,
       corrects_payment_id, notes, voided_at, void_reason, NULL::bigint AS extrato_id
FROM public.payments
UNION ALL
SELECT id, paid_on, amount, tip_amount, method, kind, client_id, artist_id, session_id,
       corrects_payment_id, notes, voided_at, void_reason, extrato_id
FROM archive.payments;
