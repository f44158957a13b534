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

-- The words of an audited change: of its values and of its columns' names. A value longer than an
-- index can hold is cut, so that no text a person typed can stop the change it belongs to.
CREATE OR REPLACE FUNCTION studio.audit_words(before jsonb, after jsonb) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000
AS $$
    SELECT to_tsvector('simple'::regconfig, studio.fold(left(replace(
        coalesce(before::text, '') || ' ' || coalesce(after::text, ''), '\n', ' '), 50000)))
$$;
