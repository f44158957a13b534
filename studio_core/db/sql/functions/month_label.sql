-- "2025-09", as programs and people name a month.
CREATE OR REPLACE FUNCTION studio.month_label(day date) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT to_char(day, 'YYYY-MM') $$;
