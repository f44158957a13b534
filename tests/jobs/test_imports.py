"""studio-jobs import."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import URL

from studio_core.db.engine import raw_connection
from tests.books import Books
from tests.jobs.conftest import Jobs, written

_LEGACY = Path(__file__).parents[1] / "data" / "legacy"


@pytest.fixture
def legacy(empty_database_url: URL) -> str:
    """A legacy database, as loaded from its dump."""
    connection = raw_connection(empty_database_url, application_name="tests")
    for name in ("schema.sql", "rows.sql"):
        connection.cursor().execute((_LEGACY / name).read_text("utf-8"))
    connection.close()
    return written(empty_database_url)


def test_legacy_database_is_brought_over_and_reported(jobs: Jobs, legacy: str) -> None:
    ran = jobs("import", "legacy", "--from", legacy)
    assert ran.code == 0, ran.err
    assert "pagamentos" in ran.out
    again = jobs("import", "legacy", "--from", legacy, "--json")
    assert again.code == 0
    assert all(count["imported"] == 0 for count in again.json["counts"])
    assert isinstance(again.json["findings"], list)


def test_imported_month_closes_to_the_sums_of_the_legacy_tables(jobs: Jobs, legacy: str) -> None:
    assert jobs("import", "legacy", "--from", legacy).code == 0
    connection = raw_connection(legacy, application_name="tests")
    cursor = connection.cursor()
    cursor.execute(_OPEN_MONTHS)
    months = cursor.fetchall()
    assert months
    for year, month, *sums in months:
        which = (f"--year={year}", f"--month={month}")
        ran = jobs("extrato", "run", *which, "--with-backup")
        assert ran.code == 0, ran.err
        shown = jobs("extrato", "show", *which, "--json").json
        found = [shown["totals"][name] for name in ("gross_revenue", "commissions", "expenses")]
        assert [Decimal(total) for total in found] == sums
    connection.close()
    assert jobs("extrato", "verify").code == 0


_OPEN_MONTHS = """
    SELECT extract(year FROM day)::int, extract(month FROM day)::int,
        sum(paid), sum(earned), sum(spent)
    FROM (SELECT data, valor, 0, 0 FROM pagamentos
          UNION ALL
          SELECT coalesce(p.data, (c.created_at AT TIME ZONE 'America/Sao_Paulo')::date),
              0, c.valor, 0
          FROM comissoes c LEFT JOIN pagamentos p ON p.id = c.pagamento_id
          UNION ALL
          SELECT data, 0, 0, valor FROM gastos) AS booked (day, paid, earned, spent)
    WHERE day < date_trunc('month', now()) AND NOT EXISTS (
        SELECT FROM extratos e WHERE e.ano = extract(year FROM day)
                                 AND e.mes = extract(month FROM day))
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def test_what_is_no_legacy_database_is_usage(jobs: Jobs, database_url: URL) -> None:
    for source in ("nonsense", "postgresql://a:b@127.0.0.1:1/x", written(database_url)):
        ran = jobs("import", "legacy", "--from", source)
        assert ran.code == 2, ran
        assert ran.err.count("\n") == 1


_GOOD = "Nome;Telefone;E-mail\nAna Braga;(11) 90123-4567;ana@example.com\nBeto Lima;;\n"
_BAD = _GOOD + ";11901234567;\nCarla Dias;12;\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clientes.csv"


def names(books: Books) -> list[str]:
    return [name for (name,) in books.rows("SELECT name FROM clients ORDER BY name")]


def test_file_is_shown_before_it_is_imported(jobs: Jobs, books: Books, file: Path) -> None:
    file.write_text(_GOOD, "cp1252")
    ran = jobs("import", "clients", str(file))
    assert ran.code == 0
    assert "Ana Braga" in ran.out
    assert "Nothing was imported" in ran.err
    assert names(books) == []
    ran = jobs("import", "clients", str(file), "--yes")
    assert ran.code == 0, ran.err
    assert names(books) == ["Ana Braga", "Beto Lima"]


def test_bad_lines_are_named_and_stop_the_import_unless_told(
    jobs: Jobs, books: Books, file: Path
) -> None:
    file.write_text(_BAD, "utf-8")
    ran = jobs("import", "clients", str(file), "--yes")
    assert ran.code == 4
    assert "Line 4: " in ran.out
    assert "Line 5: " in ran.out
    assert "With --skip-bad" in ran.out
    assert names(books) == []
    shown = jobs("import", "clients", str(file), "--skip-bad")
    assert "Clients to import: 2. Lines that are wrong: 2." in shown.out
    assert "With --skip-bad" not in shown.out
    ran = jobs("import", "clients", str(file), "--yes", "--skip-bad", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["imported"] == 2
    assert [bad["line"] for bad in ran.json["bad"]] == [4, 5]
    assert names(books) == ["Ana Braga", "Beto Lima"]


def test_file_that_cannot_be_read_is_refused(jobs: Jobs, books: Books, file: Path) -> None:
    assert jobs("import", "clients", str(file)).code == 2
    for content in (b"", b"\x00\x01\x02" * 50, b"a;b\n1;2\n"):
        file.write_bytes(content)
        ran = jobs("import", "clients", str(file), "--yes")
        assert ran.code == 4
        assert ran.err.count("\n") == 1
    assert names(books) == []


def test_refused_login_of_the_legacy_database_is_named(jobs: Jobs, database_url: URL) -> None:
    ran = jobs("import", "legacy", "--from", written(database_url.set(username="leitor")))
    assert ran.code == 2
    assert "the login leitor" in ran.err
