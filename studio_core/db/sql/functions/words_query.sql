-- What somebody typed, as a search for rows that hold every one of its words or a longer one.
-- Folded as the indexed words are; quoted, so that no sign of it is an operator.
CREATE OR REPLACE FUNCTION studio.words_query(p_words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_tsquery('simple'::regconfig, string_agg(
        '''' || replace(replace(word, '\', ' '), '''', '''''') || ''':*', ' & '))
    FROM regexp_split_to_table(studio.fold(p_words), '\s+') AS word
    WHERE word <> ''
$$;
