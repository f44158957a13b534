"""Every change leaves who, when, before and after; nobody's identity stays where it can't go."""

import uuid

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.ledger.actions import void_payment
from studio_core.observability import correlation
from tests.books import Books
from tests.staff import Staff

UNAUDITED = {
    # Table and why no change of it is audited.
    "alembic_version": "the schema's, which only migrations change",
    "audit_log": "the audit itself, which nothing changes",
    "audit_identities": "the audit itself, which is only ever emptied",
    "requests": "one row a press of a button, naming what it did, which is audited",
    "alerts": "a log itself, with who raised and who saw each",
    "extrato_progress": "a moving number, gone with its run",
    "legacy_rows": "the memory of an import, whose rows are audited",
    "client_artists": "made from sessions and payments, which are audited",
    "api_tokens": "a log itself, with when each was given and taken back",
    "signin_attempts": "a log itself",
    "signin_nonces": "a number used once",
}


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


def test_every_table_is_audited_but_for_those_with_a_reason(database: Database) -> None:
    """The archive is written by closings alone, each one entry."""
    with database.transaction() as session:
        recorded = session.execute(
            text(
                "SELECT relname, array(SELECT CASE WHEN tgtype & 4 > 0 THEN 'INSERT'"
                "   WHEN tgtype & 8 > 0 THEN 'DELETE' ELSE 'UPDATE' END"
                "   FROM pg_trigger t WHERE tgrelid = c.oid AND tgenabled IN ('O', 'A')"
                "   AND tgfoid = 'studio.record_changes'::regproc ORDER BY 1)"
                " FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        ).all()
    assert {name for name, on in recorded if not on} == UNAUDITED.keys()
    assert {tuple(on) for _, on in recorded if on} == {("DELETE", "INSERT", "UPDATE")}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET user_id = NULL",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log CASCADE",
        "DELETE FROM audit_identities",
        "TRUNCATE audit_identities",
        "UPDATE audit_identities SET after = '{}'",
        "UPDATE audit_identities SET after = NULL, client_id = 99",
    ],
)
def test_not_even_an_administrator_changes_the_audit(books: Books, statement: str) -> None:
    books.client("Lia Prado")
    before = books.everything()
    with pytest.raises(RuleError, match="not allowed"), books.database.transaction() as session:
        session.execute(text(statement))
    assert books.everything() == before


def test_what_identifies_a_client_can_be_emptied(books: Books) -> None:
    client = books.client("Lia Prado")
    with books.database.transaction() as session:
        session.execute(
            text("UPDATE audit_identities SET before = NULL, after = NULL WHERE client_id = :id"),
            {"id": client},
        )
    assert books.rows("SELECT client_id, before, after FROM audit_identities") == [
        (client, None, None)
    ]


def test_what_a_client_tells_of_their_health_stands_apart(staff: Staff) -> None:
    books = Books(staff.database)
    client = books.client("Lia Prado")
    with staff.reception.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO client_health_answers (client_id, question, answer)"
                " VALUES (:client, 'Diabetes?', 'sim, tipo 2')"
            ),
            {"client": client},
        )
        session.execute(
            text(
                "INSERT INTO client_flags (client_id, kind, note)"
                " VALUES (:client, 'allergy', 'penicilina')"
            ),
            {"client": client},
        )
    told = books.value("SELECT string_agg(concat(before, after), '') FROM audit_log")
    assert "tipo 2" not in told
    assert "penicilina" not in told
    apart = books.rows(
        "SELECT client_id, after FROM audit_identities WHERE after ? 'answer' OR after ? 'note'"
        " AND NOT after ? 'name' ORDER BY audit_id"
    )
    assert apart == [
        (client, {"question": "Diabetes?", "answer": "sim, tipo 2"}),
        (client, {"note": "penicilina"}),
    ]


def test_entry_names_the_person_the_login_and_the_role_acted_under(staff: Staff) -> None:
    with staff.reception.database.transaction() as session:
        session.execute(text("INSERT INTO clients (name) VALUES ('Lia Prado')"))
    entry = Books(staff.database).rows(
        "SELECT user_id, login_role, acting_role FROM audit_log WHERE table_name = 'clients'"
    )
    login = staff.reception.login
    assert entry == [(staff.reception.id, login, login)]
