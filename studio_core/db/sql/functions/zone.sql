-- The studio's time zone: a setting of the database, whatever each computer thinks.
CREATE OR REPLACE FUNCTION studio.zone() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((SELECT value #>> '{}' FROM public.settings WHERE key = 'time_zone'),
                    'America/Sao_Paulo')
$$;
ALTER FUNCTION studio.zone() OWNER TO studio_keeper;

-- The calendar day at the studio.
CREATE OR REPLACE FUNCTION studio.today() RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT (now() AT TIME ZONE studio.zone())::date $$;

-- The instant at which a calendar day begins at the studio. Where the clocks jump over midnight the
-- day begins with the jump; where they go back to it, midnight comes twice, PostgreSQL takes the
-- second, and what the day has had of hours by then is taken off again.
CREATE OR REPLACE FUNCTION studio.day_start(day date) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT midnight - greatest(interval '0', (midnight - tick) AT TIME ZONE zone + tick - day)
    FROM (SELECT studio.zone(), interval '1 microsecond') AS here (zone, tick),
         LATERAL (SELECT day::timestamp AT TIME ZONE zone) AS second_of_two (midnight)
$$;
