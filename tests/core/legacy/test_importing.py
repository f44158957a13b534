"""The import as a whole: complete, repeatable, all or nothing."""

import json
from decimal import Decimal

import pytest
from psycopg2 import sql
from sqlalchemy import URL

from studio_core.db.engine import Database, raw_connection
from studio_core.errors import AlreadyRunningError, ConfigError, UnavailableError
from studio_core.extrato.runs import Progress
from studio_core.legacy.importing import import_legacy
from studio_core.legacy.report import TableCount
from tests.background import table_kept_for_longer_than_a_second
from tests.books import Reader
from tests.core.legacy.conftest import Legacy, Studio, findings_of, keys_of
from tests.database_settings import set_for_database

_OPEN_TABLES = ("clients", "sessoes", "pagamentos", "comissoes", "gastos", "inventory", "extratos")
_LEGACY_SUMS = """
    SELECT to_char(data, 'YYYY-MM'), 'payments', count(*), sum(valor) FROM pagamentos GROUP BY 1
    UNION ALL
    SELECT to_char(coalesce(p.data, (c.created_at AT TIME ZONE 'America/Sao_Paulo')::date),
                   'YYYY-MM'), 'commissions', count(*), sum(c.valor)
    FROM comissoes c LEFT JOIN pagamentos p ON p.id = c.pagamento_id GROUP BY 1
    UNION ALL
    SELECT to_char(data, 'YYYY-MM'), 'expenses', count(*), sum(valor) FROM gastos GROUP BY 1"""


def _rows_here(studio: Studio) -> list[tuple[object, ...]]:
    return studio.ask(
        "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM clients),"
        " (SELECT count(*) FROM sessions), (SELECT count(*) FROM all_payments),"
        " (SELECT count(*) FROM commissions), (SELECT count(*) FROM archive.commissions),"
        " (SELECT count(*) FROM expenses), (SELECT count(*) FROM archive.expenses),"
        " (SELECT count(*) FROM stock_items), (SELECT count(*) FROM stock_movements),"
        " (SELECT count(*) FROM extratos)"
    )


def test_every_row_is_imported_or_has_a_finding_that_says_why_not(studio: Studio) -> None:
    report = studio.import_it()

    assert {c.table: (c.read, c.imported, c.already_there, c.left_out) for c in report.counts} == {
        "users": (6, 6, 0, 0),
        "clients": (5, 5, 0, 0),
        "sessoes": (8, 8, 0, 0),
        "pagamentos": (8, 8, 0, 0),
        "comissoes": (5, 5, 0, 0),
        "gastos": (2, 2, 0, 0),
        "inventory": (4, 4, 0, 0),
        "extratos": (2, 2, 0, 0),
        "extratos.sessoes": (1, 1, 0, 0),
        "extratos.pagamentos": (7, 6, 0, 1),
        "extratos.comissoes": (4, 4, 0, 0),
        "extratos.gastos": (2, 2, 0, 0),
    }
    assert keys_of(report, "amount_missing") == [("extratos.pagamentos", "7")]


def test_sums_of_the_open_month_are_those_of_plain_sql_over_there(studio: Studio) -> None:
    report = studio.import_it()

    expected = {
        (month, kind): (rows, amount)
        for month, kind, rows, amount in studio.legacy.ask(_LEGACY_SUMS)
        if month == "2025-03"
    }
    found = {
        (month, kind): (rows, amount)
        for month, kind, rows, amount in studio.ask(
            "SELECT to_char(paid_on, 'YYYY-MM'), 'payments', count(*), sum(amount)"
            " FROM payments GROUP BY 1 UNION ALL"
            " SELECT to_char(accrued_on, 'YYYY-MM'), 'commissions', count(*), sum(amount)"
            " FROM commissions GROUP BY 1 UNION ALL"
            " SELECT to_char(spent_on, 'YYYY-MM'), 'expenses', count(*), sum(amount)"
            " FROM expenses GROUP BY 1"
        )
    }
    assert found == expected
    assert expected["2025-03", "payments"] == (7, Decimal("860.00"))
    assert report.sums_equal
    assert {
        (s.month, s.kind): (s.imported_rows, s.imported_sum)
        for s in report.sums
        if s.month == "2025-03"
    } == expected


def test_report_becomes_json(studio: Studio) -> None:
    report = json.loads(json.dumps(studio.import_it().to_json()))

    assert report["sums_equal"] is True
    assert report["closed_months"] == ["2024-11", "2025-01"]
    assert report["sums"][0] == {
        "month": "2024-11",
        "kind": "payments",
        "legacy_rows": 2,
        "legacy_sum": "350.10",
        "imported_rows": 2,
        "imported_sum": "350.10",
        "equal": True,
    }
    assert {"kind", "table", "key", "sentence"} == set(report["findings"][0])


def test_second_run_brings_nothing_and_still_proves_the_sums(studio: Studio) -> None:
    studio.import_it()
    before = _rows_here(studio)

    report = studio.import_it()

    assert _rows_here(studio) == before
    assert sum(count.imported for count in report.counts) == 0
    assert report.findings == ()
    assert report.closed_months == ()
    assert report.sums_equal


def test_later_run_brings_what_is_new_and_reports_what_changed(studio: Studio) -> None:
    studio.import_it()
    studio.legacy.run(
        "INSERT INTO clients (id, name) VALUES (9, 'Ugo Paz')",
        "INSERT INTO pagamentos (id, data, valor, forma_pagamento, cliente_id, artista_id)"
        " VALUES (29, '2025-03-20', 10, 'Pix', 9, 2)",
        "UPDATE pagamentos SET valor = 201 WHERE id = 21",
    )

    report = studio.import_it()

    assert {c.table: c.imported for c in report.counts if c.imported} == {
        "clients": 1,
        "pagamentos": 1,
    }
    assert keys_of(report, "changed_since") == [("pagamentos", "21")]
    assert not report.sums_equal
    assert studio.ask(
        "SELECT amount FROM payments WHERE id = :id", id=studio.here("pagamentos", 21)
    ) == [(Decimal("200.00"),)]


def test_rows_typed_here_afterwards_get_ids_of_their_own(studio: Studio) -> None:
    studio.import_it()

    ((client_id,),) = studio.ask("INSERT INTO clients (name) VALUES ('Nova') RETURNING id")

    assert client_id > studio.ask("SELECT max(row_id) FROM legacy_rows")[0][0] - 100
    assert studio.ask("SELECT count(*) FROM clients WHERE id = :id", id=client_id) == [(1,)]


def test_failure_near_the_end_leaves_nothing(studio: Studio) -> None:
    class PowerCutError(Exception):
        pass

    def fail(progress: Progress) -> None:
        if progress.stage == "extratos":
            raise PowerCutError

    before = _rows_here(studio)

    with pytest.raises(PowerCutError):
        import_legacy(studio.jobs, studio.legacy.url, on_progress=fail)

    assert _rows_here(studio) == before
    assert studio.ask("SELECT count(*) FROM legacy_rows") == [(0,)]


def test_progress_counts_each_table_to_its_end(studio: Studio) -> None:
    seen: list[Progress] = []

    import_legacy(studio.jobs, studio.legacy.url, on_progress=seen.append)

    last = {progress.stage: progress for progress in seen}
    assert last["pagamentos"] == Progress("pagamentos", 8, 8)
    assert all(progress.rows_done == progress.rows_total for progress in last.values())


def test_two_imports_at_once_are_one_too_many(studio: Studio) -> None:
    refusals: list[Exception] = []

    def again(_progress: Progress) -> None:
        if not refusals:
            with pytest.raises(AlreadyRunningError) as refusal:
                studio.import_it()
            refusals.append(refusal.value)

    import_legacy(studio.jobs, studio.legacy.url, on_progress=again)

    assert str(refusals[0]) == "An import is already running."


def test_import_outlives_the_statement_time_out_of_a_desk(studio: Studio) -> None:
    set_for_database(studio.admin, statement_timeout="1s")
    with table_kept_for_longer_than_a_second(Reader(studio.admin), "clients"):
        assert studio.import_it().counts


def test_tokens_and_password_hashes_are_never_read(studio: Studio) -> None:
    """A role that may not read them can import all the same."""
    name = f"{studio.admin.url.database}.reader"
    url = URL.create("postgresql", username=name, password="only-here")
    connection = raw_connection(studio.legacy.url, application_name="tests-admin")
    cursor = connection.cursor()
    reader = sql.Identifier(name)
    cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'only-here'").format(reader))
    for table in [
        "clients",
        "sessoes",
        "pagamentos",
        "comissoes",
        "gastos",
        "inventory",
        "extratos",
    ]:
        cursor.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(table), reader))
    cursor.execute(
        sql.SQL("GRANT SELECT (id, name, role, email, active_flag) ON users TO {}").format(reader)
    )
    found = studio.admin.url
    url = found.set(
        username=name,
        password="only-here",
        database=studio.legacy.url.rpartition("/")[2].partition("?")[0],
    )

    try:
        report = import_legacy(studio.jobs, url.render_as_string(hide_password=False))
    finally:
        cursor.execute(sql.SQL("DROP OWNED BY {}").format(reader))
        connection.close()

    assert TableCount("users", read=6, imported=6) in report.counts
    assert report.sums_equal


def test_database_that_is_not_the_old_system_is_refused(studio: Studio, database: Database) -> None:
    with pytest.raises(ConfigError) as refusal:
        import_legacy(studio.jobs, database.url.render_as_string(hide_password=False))

    assert refusal.value.code == "legacy_not_found"
    assert "pagamentos" in str(refusal.value)


def test_old_system_that_does_not_answer_is_told_apart_from_our_database(studio: Studio) -> None:
    with pytest.raises(UnavailableError) as refusal:
        import_legacy(studio.jobs, "postgresql://someone:x@127.0.0.1:1/old")

    assert str(refusal.value).startswith("The old system's database: The database does not answer")


def test_table_that_may_not_be_read_is_said(studio: Studio) -> None:
    name = f"{studio.admin.url.database}.nobody"
    studio.legacy.run(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'only-here'")
    url = studio.admin.url.set(
        username=name,
        password="only-here",
        database=studio.legacy.url.rpartition("/")[2].partition("?")[0],
    )

    with pytest.raises(ConfigError) as refusal:
        import_legacy(studio.jobs, url.render_as_string(hide_password=False))

    assert refusal.value.code in {"legacy_source", "legacy_not_found"}


def test_missing_optional_columns_are_empty(studio: Studio) -> None:
    studio.legacy.run(
        "ALTER TABLE inventory DROP COLUMN supplier",
        "ALTER TABLE extratos DROP COLUMN gastos",
    )

    report = studio.import_it()

    assert studio.ask("SELECT count(supplier), count(*) FROM stock_items") == [(0, 4)]
    assert findings_of(report, "month_unreadable") == []


def test_legacy_rows_keep_where_each_row_came_from(studio: Studio, legacy: Legacy) -> None:
    studio.import_it()

    assert studio.ask(
        "SELECT amount FROM archive.payments WHERE id = :id",
        id=studio.here("extratos.pagamentos", 1),
    ) == [(Decimal("250.10"),)]
