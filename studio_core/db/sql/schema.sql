-- What the tables stand on: schemas, extensions, and the folding of text that keys are made of.
CREATE SCHEMA IF NOT EXISTS studio;
CREATE SCHEMA IF NOT EXISTS archive;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;

-- Text without accents and capitals. unaccent() is only stable because its dictionary could be
-- replaced; ours never is, so generated columns and indexes may rely on this one.
CREATE OR REPLACE FUNCTION studio.fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT pg_catalog.lower(public.unaccent('public.unaccent'::regdictionary, words)) $$;
