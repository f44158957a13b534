"""A statement is shown with its placeholders and without any value, however it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import QuotedString

from studio_core.observability.normalising import SHOWN_LIMIT, fingerprint, without_values


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("SELECT *\n  FROM t\tWHERE id = %(id_1)s", "SELECT * FROM t WHERE id = %(id_1)s"),
        ("SELECT 1, -2.5e3, .5, 0x1F, t1.c2", "SELECT ?, -?, ?, ?, t1.c2"),
        ("WHERE name = 'O''Hara' AND note = E'it\\'s'", "WHERE name = ? AND note = ?"),
        ("LIKE '%%Maria%%' OR x = %s", "LIKE ? OR x = %s"),
        ("DO $$ BEGIN 'Maria'; END $$", "DO ?"),
        ("AS $body$ SELECT $1 || 'x' $body$ LANGUAGE sql", "AS ? LANGUAGE sql"),
        ("SELECT $1 -- of Maria\n, 2 /* and\nJoão */", "SELECT $1 , ?"),
        ("ALTER ROLE \"a.b1\" PASSWORD 'SCRAM-SHA-256$4:a'", 'ALTER ROLE "a.b1" PASSWORD ?'),
        ("date '2025-09-01', b'101', U&'d\\0061'", "date ?, ?, ?"),
        ("SELECT 'cut in the mid", "SELECT ?"),
        ("SELECT $q$cut in the mid", "SELECT ?"),
        ('SELECT "cut', 'SELECT "cut'),
    ],
)
def test_values_become_question_marks(statement: str, shown: str) -> None:
    assert without_values(statement) == shown


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_no_text_that_the_driver_quotes_is_ever_shown(value: str) -> None:
    quoted = QuotedString(value)
    quoted.encoding = "utf8"

    shown = without_values(f"SELECT a FROM b WHERE c = {quoted.getquoted().decode()} AND d = 7")

    assert shown == "SELECT a FROM b WHERE c = ? AND d = ?"


def test_long_statement_is_cut() -> None:
    columns = ", ".join(f"column_{letter * 3}" for letter in "abcdefgh" * 60)

    shown = without_values(f"SELECT {columns} FROM t")

    assert len(shown) == SHOWN_LIMIT + 1
    assert shown.endswith("…")


def test_executions_of_one_statement_have_one_fingerprint() -> None:
    def of(statement: str) -> str:
        return fingerprint(without_values(statement))

    assert of("SELECT 1 WHERE a IN (1, 2, 3)") == of("SELECT  7 WHERE a IN ('x')")
    assert of("INSERT INTO t VALUES (%(a__0)s, %(b__0)s)") == of(
        "INSERT INTO t VALUES (%(a__0)s, %(b__0)s), (%(a__1)s, %(b__1)s)"
    )
    assert of("SELECT a FROM t") != of("SELECT b FROM t")
