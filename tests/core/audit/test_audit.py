"""Every change leaves who, when, before and after; nobody's identity stays where it can't go."""

import uuid

from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.ledger.actions import void_payment
from studio_core.observability import correlation
from tests.books import Books


def test_insert_update_and_void_are_recorded_with_what_changed(books: Books) -> None:
    payment = books.pay("100.00")
    with books.database.transaction() as session:
        void_payment(
            session,
            request_id=uuid.uuid4(),
            payment_id=payment.id,
            version=payment.version,
            reason="engano",
        )
    entries = books.rows(
        "SELECT action, before, after, login_role, acting_role FROM audit_log"
        " WHERE table_name = 'payments' ORDER BY id"
    )
    assert [entry[0] for entry in entries] == ["insert", "update"]
    assert entries[0][1] is None
    assert entries[0][2]["amount"] == 100.0
    assert set(entries[1][2]) == {"voided_at", "void_reason", "version", "updated_at"}
    assert entries[1][1]["void_reason"] is None
    assert entries[1][2]["void_reason"] == "engano"
    assert entries[0][3] == entries[0][4] == "admin"


def test_the_correlation_id_of_an_action_is_in_its_entries(books: Books) -> None:
    with (
        correlation() as number,
        Database(books.database.url, application_name="tests") as own,
        own.transaction() as session,
    ):
        session.execute(text("UPDATE users SET name = 'Ana T.' WHERE id = :id"), {"id": books.ana})
    assert books.rows("SELECT DISTINCT correlation_id FROM audit_log WHERE action = 'update'") == [
        (number,)
    ]


def test_what_identifies_a_client_stands_apart(books: Books) -> None:
    client = books.client("Lia Prado")
    with books.database.transaction() as session:
        session.execute(
            text("UPDATE clients SET cpf = '52998224725', whatsapp_opt_in = true WHERE id = :id"),
            {"id": client},
        )
    entries = books.rows(
        "SELECT before::text, after::text FROM audit_log WHERE table_name = 'clients'"
    )
    told = " ".join(part or "" for entry in entries for part in entry)
    assert "Lia" not in told
    assert "52998224725" not in told
    assert "lia prado" not in told
    assert '"whatsapp_opt_in": true' in told
    apart = books.rows("SELECT client_id, before, after FROM audit_identities ORDER BY audit_id")
    assert [entry[0] for entry in apart] == [client, client]
    assert apart[0][2]["name"] == "Lia Prado"
    assert (apart[1][1], apart[1][2]) == ({"cpf": None}, {"cpf": "52998224725"})


def test_one_closing_is_one_entry_and_not_one_a_row(books: Books) -> None:
    books.fill(200)
    before = books.value("SELECT count(*) FROM audit_log")
    with books.database.transaction() as session:
        session.execute(text("SELECT studio.closing_begin('2025-09-01')"))
        for table in ("payments", "commissions", "expenses", "sessions"):
            session.execute(
                text("SELECT studio.closing_move('2025-09-01', :t, 0, 1000000)"), {"t": table}
            )
        session.execute(text("SELECT studio.closing_finish('2025-09-01', NULL, NULL, NULL)"))
    assert books.value("SELECT count(*) FROM audit_log") == before + 1


def test_nobody_dodges_the_audit_with_a_setting(books: Books) -> None:
    with books.database.transaction() as session:
        session.execute(text("SELECT set_config('studio.correlation_id', 'studio_closing', true)"))
        session.execute(text("UPDATE users SET name = 'X' WHERE id = :id"), {"id": books.ana})
    assert (
        books.value(
            "SELECT count(*) FROM audit_log WHERE table_name = 'users' AND action = 'update'"
        )
        == 1
    )
