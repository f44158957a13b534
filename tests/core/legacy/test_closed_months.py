"""Months that the legacy system had closed: into the archive, by our own closing."""

import json
from datetime import date
from decimal import Decimal

import pytest

from studio_core.extrato.verify import verify_chain
from studio_core.legacy.closed_months import UnreadableMonthError, closed_month
from studio_core.legacy.source import Row
from studio_core.legacy.stored_totals import differing_totals
from tests.core.legacy.conftest import Studio, findings_of, keys_of


def test_months_are_closed_oldest_first_and_the_chain_holds(studio: Studio) -> None:
    report = studio.import_it()

    assert report.closed_months == ("2024-11", "2025-01")
    assert studio.ask(
        "SELECT year, month, version, source FROM extratos ORDER BY closing_order"
    ) == [
        (2024, 11, 1, "legacy"),
        (2025, 1, 1, "legacy"),
    ]
    with studio.admin.transaction() as session:
        assert tuple(verify_chain(session)) == ()


def test_lines_are_archived_to_the_cent_with_their_links(studio: Studio) -> None:
    studio.import_it()

    caio, teo = studio.here("clients", 3), studio.here("users", 2)
    session_id = studio.here("extratos.sessoes", 1)
    assert studio.ask(
        "SELECT paid_on, amount, method, client_id, artist_id, session_id, notes, imported"
        " FROM archive.payments WHERE id = :id",
        id=studio.here("extratos.pagamentos", 1),
    ) == [(date(2024, 11, 3), Decimal("250.10"), "pix", caio, teo, session_id, "Braço", True)]
    assert studio.ask(
        "SELECT client_id, status FROM archive.sessions WHERE id = :id", id=session_id
    ) == [(caio, "paid")]
    assert studio.ask(
        "SELECT percent, amount, payment_id, artist_id FROM archive.commissions"
        " WHERE accrued_on < '2025-01-01'"
    ) == [(Decimal("40.00"), Decimal("100.04"), studio.here("extratos.pagamentos", 1), teo)]
    assert studio.ask(
        "SELECT spent_on, amount, notes FROM archive.expenses WHERE amount = 12.3"
    ) == [(date(2024, 11, 30), Decimal("12.30"), "Lançado por: Rita Gerente")]


def test_floats_are_rounded_half_up_from_what_was_written(studio: Studio) -> None:
    studio.import_it()

    assert studio.ask(
        "SELECT amount FROM archive.payments WHERE id = :id",
        id=studio.here("extratos.pagamentos", 2),
    ) == [(Decimal("100.00"),)]


def test_artist_whom_nobody_knows_any_more_is_made_inactive(studio: Studio) -> None:
    report = studio.import_it()

    assert [f.key for f in findings_of(report, "user_made")] == ["name:Gil Antigo", "name:"]
    assert studio.ask("SELECT active, access FROM users WHERE name = 'Gil Antigo'") == [
        (False, None)
    ]


def test_artist_is_taken_before_another_user_of_the_same_name(studio: Studio) -> None:
    report = studio.import_it()

    assert findings_of(report, "artist_homonyms") == []
    assert studio.ask(
        "SELECT artist_id FROM archive.payments WHERE id = :id",
        id=studio.here("extratos.pagamentos", 3),
    ) == [(studio.here("users", 1),)]


def test_homonyms_stand_in_the_notes_and_unknown_clients_are_made(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask(
        "SELECT client_id, notes FROM archive.payments WHERE id = :id",
        id=studio.here("extratos.pagamentos", 3),
    ) == [(None, "Cliente: Nina Prado")]
    assert keys_of(report, "client_homonyms") == [("extratos.pagamentos", "3")]
    assert studio.ask(
        "SELECT c.name FROM archive.payments p JOIN clients c ON c.id = p.client_id"
        " WHERE p.id = :id",
        id=studio.here("extratos.pagamentos", 4),
    ) == [("Otto Vidal",)]
    assert keys_of(report, "client_made") == [("clients", "name:Otto Vidal")]


def test_commission_is_linked_where_one_payment_fits(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask("SELECT payment_id FROM archive.commissions WHERE amount = 40") == [
        (studio.here("extratos.pagamentos", 4),)
    ]
    assert studio.ask(
        "SELECT payment_id, accrued_on FROM archive.commissions WHERE amount IN (15, 5)"
        " ORDER BY amount DESC"
    ) == [(None, date(2025, 1, 8)), (None, date(2025, 1, 31))]
    assert keys_of(report, "commission_unlinked") == [
        ("extratos.comissoes", "2025-01/2"),
        ("extratos.comissoes", "2025-01/3"),
    ]


def test_line_dated_outside_its_month_counts_in_it_and_says_so(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask("SELECT spent_on, notes FROM archive.expenses WHERE amount = 8.4") == [
        (date(2025, 1, 31), "Categoria: Limpeza\nData no sistema antigo: 2025-02-02")
    ]
    assert ("extratos.gastos", "2025-01/1") in keys_of(report, "date_outside")


def test_lines_win_over_the_stored_totals(studio: Studio) -> None:
    report = studio.import_it()

    assert [f.sentence for f in findings_of(report, "total_differs")] == [
        "The stored receita_total is 320, its lines add up to 220.00: the lines count."
    ]
    ((totals,),) = studio.ask("SELECT totals FROM extratos WHERE year = 2025")
    assert totals["gross_revenue"] == "370.00"  # With the late 150.


def test_row_entered_after_its_month_was_closed_is_in_the_extrato(studio: Studio) -> None:
    report = studio.import_it()

    assert keys_of(report, "late_row") == [("pagamentos", "28"), ("comissoes", "35")]
    assert studio.ask(
        "SELECT amount FROM archive.payments WHERE id = :id", id=studio.here("pagamentos", 28)
    ) == [(Decimal("150.00"),)]


def test_unknown_session_of_a_line_is_said(studio: Studio) -> None:
    report = studio.import_it()

    assert keys_of(report, "session_missing") == [("extratos.pagamentos", "4")]


def _close_march_over_there(studio: Studio) -> None:
    """What the legacy program does: the rows into JSON strings, and out of its tables."""
    studio.legacy.run(
        """
        INSERT INTO extratos (id, mes, ano, pagamentos, sessoes, comissoes, gastos, totais)
        SELECT 63, 3, 2025,
          to_jsonb((SELECT json_agg(json_build_object('id', p.id, 'data', p.data, 'cliente_name',
              c.name, 'artista_name', u.name, 'valor', p.valor, 'forma_pagamento',
              p.forma_pagamento, 'observacoes', p.observacoes, 'sessao_id', p.sessao_id))
            FROM pagamentos p LEFT JOIN clients c ON c.id = p.cliente_id
            LEFT JOIN users u ON u.id = p.artista_id WHERE p.data >= '2025-03-01')::text),
          to_jsonb((SELECT json_agg(json_build_object('id', s.id, 'data', s.data, 'cliente_name',
              c.name, 'artista_name', u.name, 'valor', s.valor, 'status', s.status))
            FROM sessoes s JOIN clients c ON c.id = s.cliente_id
            JOIN users u ON u.id = s.artista_id WHERE s.status = 'paid')::text),
          to_jsonb((SELECT json_agg(json_build_object('artista_name', u.name, 'pagamento_valor',
              p.valor, 'pagamento_data', p.data, 'percentual', o.percentual, 'valor', o.valor,
              'observacoes', o.observacoes))
            FROM comissoes o JOIN users u ON u.id = o.artista_id
            JOIN pagamentos p ON p.id = o.pagamento_id WHERE p.data >= '2025-03-01')::text),
          to_jsonb((SELECT json_agg(json_build_object('data', data, 'valor', valor, 'descricao',
              descricao, 'forma_pagamento', forma_pagamento, 'created_by', created_by))
            FROM gastos)::text),
          '{}'""",
        "UPDATE sessoes SET payment_id = NULL WHERE status = 'paid'",
        "DELETE FROM comissoes WHERE pagamento_id <> 28",
        "DELETE FROM pagamentos WHERE data >= '2025-03-01'",
        "DELETE FROM sessoes WHERE status = 'paid'",
        "DELETE FROM gastos",
    )


def test_month_closed_over_there_between_two_imports_doubles_nothing(studio: Studio) -> None:
    first = studio.import_it()
    march = [s for s in first.sums if s.month == "2025-03"]
    _close_march_over_there(studio)

    report = studio.import_it()

    assert report.closed_months == ("2025-03",)
    assert [s for s in report.sums if s.month == "2025-03"] == march
    assert report.sums_equal
    assert sum(count.imported for count in report.counts if count.table != "extratos") == 0
    assert studio.ask("SELECT count(*) FROM payments") == [(0,)]


def test_rows_left_behind_by_a_closing_over_there_are_one_with_their_lines(
    studio: Studio,
) -> None:
    studio.legacy.run(
        "INSERT INTO pagamentos (id, data, valor, forma_pagamento, artista_id)"
        " VALUES (5, '2025-01-08', 30, 'Pix', 1), (6, '2025-01-08', 31, 'Pix', 1)"
    )

    report = studio.import_it()

    assert keys_of(report, "in_both") == [("pagamentos", "5")]
    assert keys_of(report, "id_reused") == [("pagamentos", "6")]
    assert studio.here("pagamentos", 5) == studio.here("extratos.pagamentos", 5)
    assert studio.here("pagamentos", 6) != studio.here("extratos.pagamentos", 6)
    assert report.sums_equal
    assert studio.import_it().findings == ()


def test_month_that_is_closed_here_is_not_taken_apart(studio: Studio) -> None:
    studio.ask(
        "INSERT INTO accounting_months (month_start, state) VALUES ('2024-11-01', 'closed')"
        " ON CONFLICT (month_start) DO UPDATE SET state = 'closed' RETURNING state"
    )

    report = studio.import_it()

    assert keys_of(report, "month_closed_here") == [("extratos", "61")]
    assert report.closed_months == ("2025-01",)


def test_month_that_is_not_over_stays_open(studio: Studio) -> None:
    ((today,),) = studio.ask("SELECT studio.today()")
    line = {"id": 90, "data": today.isoformat(), "artista_name": "Íris Nanquim", "valor": 12.5}
    studio.legacy.run(
        "INSERT INTO extratos (id, mes, ano, pagamentos, sessoes, comissoes, totais) VALUES"
        f" (64, {today.month}, {today.year}, '{json.dumps([line])}', '[]', '[]', '{{}}')"
    )

    report = studio.import_it()

    assert keys_of(report, "month_not_over") == [("extratos", "64")]
    assert studio.ask("SELECT amount FROM payments WHERE paid_on = :d", d=today) == [
        (Decimal("12.50"),)
    ]
    assert report.sums_equal


def test_month_that_cannot_be_read_is_left_out_and_said(studio: Studio) -> None:
    studio.legacy.run("""UPDATE extratos SET pagamentos = '"[{"' WHERE id = 61""")

    report = studio.import_it()

    assert [f.sentence for f in findings_of(report, "month_unreadable")] == [
        "Left out: its pagamentos are not JSON."
    ]
    assert report.closed_months == ("2025-01",)


def _row(**changed: object) -> Row:
    row: Row = {"id": 1, "ano": 2025, "mes": 1, "totais": "{}"}
    row |= dict.fromkeys(("pagamentos", "sessoes", "comissoes", "gastos"), "[]")
    return row | changed


@pytest.mark.parametrize("times", [0, 1, 2])
def test_json_is_unwrapped_however_deep_it_was_stored(times: int) -> None:
    stored = '[{"data": "2025-01-02", "valor": 0.1}]'
    for _ in range(times):
        stored = json.dumps(stored)

    (line,) = closed_month(_row(gastos=stored)).lines["gastos"]

    assert (line["valor"], line["descricao"]) == (Decimal("0.1"), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mes": 13},
        {"ano": None},
        {"pagamentos": '{"id": 1}'},
        {"sessoes": "[1]"},
        {"comissoes": "nothing"},
        {"totais": "[]"},
        {"gastos": "[" * 100_000},
    ],
)
def test_what_is_no_closed_month_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UnreadableMonthError):
        closed_month(_row(**wrong))


def test_missing_lists_are_empty_and_missing_totals_differ_from_nothing() -> None:
    closed = closed_month(_row(gastos=None, totais="null"))

    assert closed.lines["gastos"] == []
    assert list(differing_totals(closed)) == []
