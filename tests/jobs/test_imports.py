"""studio-jobs import."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import URL

from studio_core.db.engine import raw_connection
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
          SELECT coalesce(p.data, (c.created_at AT TIME ZONE 'America/Sao_Paulo')::date), 0, c.valor, 0
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
