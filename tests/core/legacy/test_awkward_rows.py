"""What the legacy rules let in and ours do not: kept as it stands where it is money, and said."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests.core.legacy.conftest import Studio, findings_of, keys_of


def _payment(studio: Studio, legacy_id: int) -> tuple[object, ...]:
    (row,) = studio.ask(
        "SELECT amount, method, kind, client_id, artist_id, session_id, notes, imported,"
        " commission_percent FROM all_payments JOIN (SELECT id, imported, commission_percent"
        " FROM payments UNION ALL SELECT id, imported, commission_percent FROM archive.payments) p"
        " USING (id) WHERE id = :id",
        id=studio.here("pagamentos", legacy_id),
    )
    return row


def _session(studio: Studio, legacy_id: int) -> tuple[object, ...]:
    (row,) = studio.ask(
        "SELECT status, agreed_price, notes, google_event_id FROM sessions WHERE id = :id",
        id=studio.here("sessoes", legacy_id),
    )
    return row


def test_nobody_gets_access_and_only_artists_are_artists(studio: Studio) -> None:
    studio.import_it()

    assert studio.ask("SELECT count(*) FROM users WHERE access IS NOT NULL") == [(0,)]
    assert studio.ask("SELECT count(*) FROM user_logins") == [(0,)]
    assert studio.ask("SELECT name, email, active FROM users WHERE is_artist ORDER BY id") == [
        ("Íris Nanquim", "iris@atelie.example", True),
        ("Téo Linha", None, True),
        ("Bia Ponto", None, False),
        ("Gil Antigo", None, False),
        ("(sem artista)", None, False),
    ]


def test_emails_that_are_wrong_or_taken_are_left_empty_and_said(studio: Studio) -> None:
    report = studio.import_it()

    assert keys_of(report, "email_taken") == [("users", "3")]
    assert keys_of(report, "email_invalid") == [("users", "5")]
    assert studio.ask("SELECT email FROM users WHERE name = 'Rita Gerente'") == [
        ("rita@atelie.example",)
    ]


def test_person_who_is_here_already_is_not_made_again(studio: Studio) -> None:
    studio.ask(
        "INSERT INTO users (name, email, access) VALUES ('Íris', 'Iris@atelie.example', 'owner')"
        " RETURNING id"
    )

    report = studio.import_it()

    assert [finding.sentence for finding in findings_of(report, "user_here_already")] == [
        "A user with the same e-mail is here already: they are taken as one. "
        "Mark them as an artist."
    ]
    assert studio.ask(
        "SELECT name, access FROM users WHERE id = :id", id=studio.here("users", 1)
    ) == [("Íris", "owner")]
    assert studio.ask("SELECT count(*) FROM users WHERE access = 'owner'") == [(1,)]
    assert keys_of(report, "email_taken") == [("users", "3")]


def test_percent_of_an_artist_is_the_one_that_leads_lately(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask(
        "SELECT name, commission_percent FROM users WHERE commission_percent > 0"
    ) == [("Íris Nanquim", Decimal("50.00")), ("Téo Linha", Decimal("40.00"))]
    assert keys_of(report, "commission_percent_set") == [("users", "1"), ("users", "2")]


def test_percents_that_tie_are_left_to_the_studio(studio: Studio) -> None:
    studio.legacy.run(
        "INSERT INTO comissoes (artista_id, percentual, valor, created_at)"
        " VALUES (2, 30, 10, '2025-03-20 12:00Z')"
    )

    report = studio.import_it()

    assert keys_of(report, "commission_percent_open") == [("users", "2")]


def test_names_are_tidied_and_a_missing_one_is_replaced(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask("SELECT name FROM clients ORDER BY id LIMIT 5") == [
        ("Nina Prado",),
        ("Nina Prado",),
        ("Caio Melo",),
        ("(sem nome)",),
        ("Lia Rocha",),
    ]
    assert keys_of(report, "name_tidied") == [("users", "2"), ("clients", "3")]
    assert ("clients", "4") in keys_of(report, "name_missing")


def test_client_whose_form_is_here_already_is_not_made_again(studio: Studio) -> None:
    ((client_id,),) = studio.ask(
        "INSERT INTO clients (name, jotform_submission_id) VALUES ('Lia R.', 'f-5') RETURNING id"
    )

    report = studio.import_it()

    assert studio.here("clients", 5) == client_id
    assert keys_of(report, "client_here_already") == [("clients", "5")]


def test_sessions_get_the_status_that_they_had_in_effect(studio: Studio) -> None:
    report = studio.import_it()

    found = {legacy_id: _session(studio, legacy_id)[0] for legacy_id in range(11, 19)}
    assert found == {
        11: "paid",
        12: "to_pay",
        13: "cancelled",
        14: "scheduled",
        15: "paid",
        16: "scheduled",
        17: "scheduled",
        18: "paid",
    }
    assert keys_of(report, "status_unknown") == [("sessoes", "17")]
    assert keys_of(report, "never_finished") == [("sessoes", "16"), ("sessoes", "17")]
    assert keys_of(report, "paid_without_payment") == [("sessoes", "18")]


def test_session_stands_at_noon_of_its_day_and_may_overlap(studio: Studio) -> None:
    studio.import_it()

    (row,) = studio.ask(
        "SELECT starts_at AT TIME ZONE 'America/Sao_Paulo', ends_at - starts_at = '1 hour',"
        " time_known, overlap_allowed FROM sessions WHERE id = :id",
        id=studio.here("sessoes", 12),
    )
    assert row == (datetime(2025, 3, 6, 12), True, False, True)  # noqa: DTZ001 – The wall clock.


def test_negative_price_stands_in_the_notes(studio: Studio) -> None:
    report = studio.import_it()

    assert _session(studio, 16)[1:3] == (None, "Valor: -80.00")
    assert ("sessoes", "16") in keys_of(report, "price_negative")


def test_payments_side_wins_where_session_and_payment_disagree(studio: Studio) -> None:
    report = studio.import_it()

    assert _payment(studio, 24)[5] == studio.here("sessoes", 15)
    assert _payment(studio, 23)[5] is None
    assert [finding.sentence for finding in findings_of(report, "link_disagrees")] == [
        "The session names payment 23, which does not name it. Payment 24 does, and is its payment."
    ]


def test_googles_event_stays_with_the_session_or_in_the_notes(studio: Studio) -> None:
    studio.import_it()

    assert _session(studio, 14)[3] == "ev-14"
    assert _session(studio, 15)[3] == "ev-24"
    assert _payment(studio, 23)[6] == "Evento do Google: ev-23"


def test_equal_anonymous_sales_are_two(studio: Studio) -> None:
    studio.import_it()

    assert studio.here("pagamentos", 22) != studio.here("pagamentos", 23)
    assert studio.ask("SELECT count(*) FROM payments WHERE amount = 100") == [(2,)]


def test_negative_payment_and_its_commission_stand(studio: Studio) -> None:
    report = studio.import_it()

    assert _payment(studio, 25)[:3] == (Decimal("-40.00"), "pix", "refund")
    assert ("pagamentos", "25") in keys_of(report, "amount_not_positive")
    assert studio.ask(
        "SELECT percent, amount, imported FROM commissions WHERE id = :id",
        id=studio.here("comissoes", 32),
    ) == [(Decimal("33.33"), Decimal("-13.33"), True)]


def test_methods_become_ours_and_an_unknown_one_stands(studio: Studio) -> None:
    report = studio.import_it()

    assert {
        legacy_id: _payment(studio, legacy_id)[1] for legacy_id in (21, 22, 24, 26, 27, 28)
    } == {
        21: "pix",
        22: "cash",
        24: "credit",
        26: "Fiado",
        27: "debit",
        28: "other",
    }
    assert ("pagamentos", "26") in keys_of(report, "method_unknown")


def test_payment_without_an_artist_stands_under_nobody(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask(
        "SELECT name, active FROM users WHERE id = :id", id=_payment(studio, 27)[4]
    ) == [("(sem artista)", False)]
    assert keys_of(report, "artist_missing") == [("pagamentos", "27")]


def test_imported_payments_make_no_commissions_of_their_own(studio: Studio) -> None:
    report = studio.import_it()

    assert _payment(studio, 21)[7:] == (True, None)
    assert studio.ask("SELECT count(*) FROM commissions") == [(4,)]
    assert keys_of(report, "commission_disagrees") == [("pagamentos", "21")]


def test_orphan_commission_counts_on_the_day_of_its_entry_at_the_studio(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask(
        "SELECT payment_id, accrued_on, notes FROM commissions WHERE id = :id",
        id=studio.here("comissoes", 33),
    ) == [(None, date(2025, 3, 31), "pagamento apagado")]
    assert keys_of(report, "commission_orphan") == [("comissoes", "33")]


def test_stale_commission_stands_and_is_said(studio: Studio) -> None:
    report = studio.import_it()

    assert keys_of(report, "commission_stale") == [("comissoes", "34")]
    assert studio.ask(
        "SELECT amount, payment_id FROM commissions WHERE id = :id",
        id=studio.here("comissoes", 34),
    ) == [(Decimal("99.00"), studio.here("pagamentos", 24))]


def test_expenses_say_who_entered_them(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask(
        "SELECT amount, description, category, method, notes, imported FROM expenses ORDER BY id"
    ) == [
        (Decimal("55.50"), "Luvas", "other", "pix", "Lançado por: Rita Gerente", True),
        (Decimal("-10.00"), "(sem descrição)", "other", "cash", "Lançado por: Rita Gerente", True),
    ]
    assert ("gastos", "42") in keys_of(report, "amount_not_positive")


def test_stock_starts_at_what_was_there_and_never_below_zero(studio: Studio) -> None:
    report = studio.import_it()

    assert studio.ask("SELECT name, balance, unit_price, notes FROM stock_items ORDER BY id") == [
        ("Tinta azul", 12, Decimal("79.90"), None),
        ("Agulha 5", 0, None, "contar de novo\nSaldo no sistema antigo: -4"),
        ("(sem nome) 53", 3, None, "Preço no sistema antigo: -1.00"),
        ("(sem nome) 54", 0, None, None),
    ]
    assert studio.ask(
        "SELECT i.name, m.quantity, m.reason FROM stock_movements m"
        " JOIN stock_items i ON i.id = m.item_id ORDER BY m.id"
    ) == [("Tinta azul", 12, "opening"), ("(sem nome) 53", 3, "opening")]
    assert keys_of(report, "stock_negative") == [("inventory", "52")]
    assert keys_of(report, "quantity_missing") == [("inventory", "54")]


@pytest.mark.parametrize("month", ["2025-03-01"])
def test_row_of_a_month_that_is_closed_here_waits_until_it_is_reopened(
    studio: Studio, month: str
) -> None:
    studio.import_it()
    with studio.admin.transaction() as session:
        session.execute(text("SELECT studio.closing_begin(CAST(:m AS date))"), {"m": month})
        for table in ("payments", "commissions", "expenses", "sessions"):
            session.execute(
                text("SELECT studio.closing_move(CAST(:m AS date), :t, 1, 1000000)"),
                {"m": month, "t": table},
            )
        session.execute(
            text("SELECT studio.closing_finish(CAST(:m AS date), NULL, NULL, NULL)"), {"m": month}
        )
    studio.legacy.run(
        "INSERT INTO pagamentos (id, data, valor, forma_pagamento, artista_id)"
        " VALUES (30, '2025-03-21', 5, 'Pix', 1)"
    )

    refused = studio.import_it()

    assert keys_of(refused, "month_closed_here") == [("pagamentos", "30")]
    assert [(s.month, s.kind) for s in refused.sums if not s.equal] == [("2025-03", "payments")]

    with studio.admin.transaction() as session:
        session.execute(
            text("SELECT studio.reopen_month(CAST(:m AS date), 'esquecido')"), {"m": month}
        )
    accepted = studio.import_it()

    assert accepted.findings == ()
    assert accepted.sums_equal
