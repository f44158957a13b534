"""Searching the audit: every filter, words of what was written, pages, and the plans behind."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event, text

from studio_core.audit.queries import (
    audited_tables,
    count_entries,
    entries_of,
    page_of_entries,
)
from studio_core.audit.rows import AuditFilter, AuditRow
from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.ledger.actions import void_payment
from studio_core.observability import correlation
from tests.books import Books
from tests.core.db.test_rights import signed_in


def found(books: Books, **wanted: object) -> list[AuditRow]:
    with books.database.transaction() as session:
        return list(page_of_entries(session, filter=AuditFilter(**wanted)).rows)  # type: ignore[arg-type] # named as the filter's fields


def counted(books: Books, **wanted: object) -> int:
    with books.database.transaction() as session:
        return count_entries(session, filter=AuditFilter(**wanted)).number  # type: ignore[arg-type] # the same


def void(books: Books, payment_id: int, version: int, reason: str) -> None:
    with books.database.transaction() as session:
        void_payment(
            session,
            request_id=uuid.uuid4(),
            payment_id=payment_id,
            version=version,
            reason=reason,
        )


def test_changes_stand_newest_first_with_what_was_and_what_is(books: Books) -> None:
    payment = books.pay("150.10", notes="Ração não, tatuagem")
    void(books, payment.id, payment.version, "Cobrado em dobro")
    update, insert = (
        row for row in found(books, table="payments") if row.row_key == str(payment.id)
    )
    assert (insert.action, insert.before) == ("insert", None)
    assert insert.is_now("amount") == Decimal("150.10")
    assert str(insert.is_now("amount")) == "150.10"
    assert update.action == "update"
    assert (update.was("void_reason"), update.is_now("void_reason")) == (None, "Cobrado em dobro")
    assert update.fields[:2] == ("voided_at", "void_reason")
    assert set(update.fields[2:]) == {"version", "updated_at"}
    assert insert.login_role == insert.acting_role == "admin"
    assert insert.person is None


def test_each_filter_narrows(books: Books) -> None:
    with correlation("deadbeef0001"):
        first = books.pay("10")
    second = books.pay("20")
    void(books, second.id, second.version, "engano")
    assert {row.row_key for row in found(books, table="payments", action="insert")} == {
        str(first.id),
        str(second.id),
    }
    assert [row.action for row in found(books, table="payments", row_key=str(second.id))] == [
        "update",
        "insert",
    ]
    assert {row.table for row in found(books, correlation_id="deadbeef0001")} == {
        "payments",
        "commissions",
    }
    assert found(books, action="delete") == []
    assert counted(books, table="payments") == 3
    assert len(found(books, by_programs=True)) == counted(books)
    assert found(books, user_id=books.ana) == []


def test_period_counts_whole_days_at_the_studio(books: Books, database: Database) -> None:
    late = datetime(2025, 9, 10, 2, 59, tzinfo=UTC)  # The 9th, 23:59 at the studio.
    early = datetime(2025, 9, 10, 3, 0, tzinfo=UTC)
    written(database, late, "late")
    written(database, early, "early")

    def keys(first: date | None, last: date | None) -> list[str]:
        rows = found(books, table="notes_of_tests", first=first, last=last)
        return [row.row_key for row in rows]

    assert keys(date(2025, 9, 9), date(2025, 9, 9)) == ["late"]
    assert keys(date(2025, 9, 10), None) == ["early"]
    assert keys(None, date(2025, 9, 10)) == ["early", "late"]
    assert keys(None, date(9999, 12, 31)) == ["early", "late"]


def test_words_are_found_by_their_beginning_whatever_accents(books: Books) -> None:
    payment = books.pay("321.45", notes="Promoção de Março\nsegunda linha")
    books.pay("20", notes="outra coisa")
    for words in ("promocao", "PROMOÇ", "marco promo", "321.45", "segunda", "notes promoção"):
        assert [row.row_key for row in found(books, table="payments", words=words)] == [
            str(payment.id)
        ], words
        assert counted(books, table="payments", words=words) == 1
    for words in ("romocao", "promocao outra", "inexistente"):
        assert found(books, words=words) == [], words
        assert counted(books, words=words) == 0


@pytest.mark.parametrize(
    "words",
    [
        "'",
        "''",
        "\\",
        "a",
        "!!",
        "& |",
        "x:*",
        "ŉ’",
        "<->",
        "(",
        "'; DROP TABLE audit_log; --",
        "\0x",
    ],
)
def test_any_sign_may_be_searched_for(books: Books, words: str) -> None:
    books.pay("10", notes="a mesma")
    found(books, words=words)
    counted(books, words=words)


def test_words_kept_apart_are_found_until_they_are_erased(books: Books) -> None:
    client = books.client("Lia Prado")
    (row,) = found(books, words="lia pra")
    assert (row.table, row.row_key) == ("clients", str(client))
    assert row.is_identity("name")
    assert row.is_now("name") == "Lia Prado"
    assert "name" not in (row.after or {})
    assert row.fields.index("name") < row.fields.index("whatsapp_opt_in")
    assert counted(books, words="lia") == 1
    with books.database.transaction() as session:
        session.execute(text("UPDATE audit_identities SET before = NULL, after = NULL"))
    assert found(books, words="lia") == []
    (row,) = found(books, table="clients")
    assert row.identity_erased
    assert row.is_now("name") is None


def test_a_text_of_any_length_is_written_down_and_saved(books: Books) -> None:
    books.pay("10", notes="palavra " + "x" * 1900)
    with books.database.transaction() as session:
        session.execute(
            text("UPDATE payments SET notes = :long"), {"long": "palavra diferente " * 100_000}
        )
    assert counted(books, words="palavra") == 2


def test_who_changed_it_is_a_name(books: Books) -> None:
    with signed_in(books, "studio_owner") as owner:
        role = str(owner.url.username)
        with books.database.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO user_logins (role_name, user_id, kind) VALUES (:r, :u, 'password')"
                ),
                {"r": role, "u": books.ana},
            )
        with owner.transaction() as session:
            session.execute(text("INSERT INTO clients (name) VALUES ('Beatriz')"))
            page = page_of_entries(session, filter=AuditFilter(user_id=books.ana))
        (row,) = page.rows
        assert (row.person, row.login_role, row.acting_role) == ("Ana Tinta", role, role)


@pytest.mark.parametrize("group", ["studio_manager", "studio_reception", "studio_jobs"])
def test_only_owners_search_the_audit(books: Books, group: str) -> None:
    with (
        signed_in(books, group) as person,
        pytest.raises(RuleError) as refused,
        person.transaction() as session,
    ):
        page_of_entries(session, filter=AuditFilter())
    assert refused.value.code == "not_allowed"


def test_closing_shows_among_the_entries_of_its_run(books: Books) -> None:
    books.pay("10")
    with correlation("c0ffee000001"), books.database.transaction() as session:
        session.execute(text("SELECT studio.closing_begin('2025-09-01')"))
        for table in ("payments", "commissions", "expenses", "sessions"):
            session.execute(
                text("SELECT studio.closing_move('2025-09-01', :t, 0, 1000000)"), {"t": table}
            )
        session.execute(text("SELECT studio.closing_finish('2025-09-01', NULL, NULL, NULL)"))
        (entry,) = entries_of(session, correlation_id="c0ffee000001")
    assert (entry.table, entry.row_key, entry.action) == (
        "accounting_months",
        "2025-09-01",
        "close",
    )


def test_tables_are_those_with_a_change(books: Books) -> None:
    with books.database.transaction() as session:
        assert audited_tables(session) == ("users",)
    books.pay("10")
    books.client("Lia")
    with books.database.transaction() as session:
        assert audited_tables(session) == (
            "clients",
            "commissions",
            "payments",
            "users",
        )


def test_pages_hold_every_change_once_though_many_share_a_moment(books: Books) -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO audit_log (at, table_name, row_key, action, after, login_role,"
                " acting_role) SELECT timestamptz '2025-09-01' + g / 7 * interval '1 second',"
                " 'notes_of_tests', g::text, 'insert', '{\"note\": \"tinta\"}', 'x', 'x'"
                " FROM generate_series(1, 95) AS g"
            )
        )
    for words in ("", "tinta"):
        wanted = AuditFilter(table="notes_of_tests", words=words)
        seen: list[int] = []
        after = None
        with books.database.transaction() as session:
            while True:
                page = page_of_entries(session, filter=wanted, after=after, limit=10)
                seen += [int(row.row_key) for row in page.rows]
                after = page.next
                if after is None:
                    break
        assert seen == list(range(95, 0, -1))


def test_a_word_that_very_many_changes_hold_is_paged_by_the_log(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other of the two ways, which otherwise only begins at many thousands."""
    monkeypatch.setattr("studio_core.audit.queries._FEW", 3)
    for number in range(8):
        books.pay(str(10 + number), notes="tinta preta")
        books.client(f"Tinta {number}")
    rows = found(books, words="tinta")
    assert len(rows) == 17  # The artist is called Tinta as well.
    assert [row.id for row in rows] == sorted((row.id for row in rows), reverse=True)


def test_every_filter_reads_by_an_index_in_the_order_of_the_list(books: Books) -> None:
    fill_log(books, 30_000)
    for wanted, index in (
        (AuditFilter(), "ix_audit_log_at_id"),
        (AuditFilter(date(2025, 1, 3), date(2025, 1, 4)), "ix_audit_log_at_id"),
        (AuditFilter(user_id=books.ana), "ix_audit_log_user"),
        (AuditFilter(table="expenses"), "ix_audit_log_table"),
        (AuditFilter(action="delete"), "ix_audit_log_action"),
        (AuditFilter(table="payments", row_key="77"), "ix_audit_log_row"),
        (AuditFilter(correlation_id="c77"), "ix_audit_log_correlation_id"),
    ):
        plan = plan_of(books, wanted)
        assert index in plan, (wanted, plan)
        assert "Seq Scan on audit_log" not in plan, (wanted, plan)
    assert "ix_audit_log_words" in plan_of(books, AuditFilter(words="raridade77"))


# Parts


def written(database: Database, at: datetime, key: str) -> None:
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO audit_log (at, table_name, row_key, action, login_role, acting_role)"
                " VALUES (:at, 'notes_of_tests', :key, 'insert', 'x', 'x')"
            ),
            {"at": at, "key": key},
        )


def fill_log(books: Books, rows: int) -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO audit_log (at, table_name, row_key, action, after, login_role,"
                " acting_role, user_id, correlation_id)"
                " SELECT timestamptz '2025-01-01' + g * interval '1 minute',"
                " CASE WHEN g % 200 = 0 THEN 'expenses' ELSE 'payments' END, g::text,"
                " CASE WHEN g % 500 = 0 THEN 'delete' ELSE 'insert' END,"
                " jsonb_build_object('amount', g, 'method', 'pix', 'notes', 'raridade' || g),"
                " 'x', 'x', CASE WHEN g % 50 = 0 THEN CAST(:ana AS bigint) ELSE g % 9 + 1000 END,"
                " 'c' || g FROM generate_series(1, :rows) AS g"
            ),
            {"rows": rows, "ana": books.ana},
        )
    with books.database.connection() as connection:
        connection.execute(text("VACUUM ANALYZE audit_log, audit_identities"))


def plan_of(books: Books, wanted: AuditFilter) -> str:
    """How the database reads the first page."""
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        asked.append((statement, values))

    with books.database.transaction() as session:
        event.listen(books.database.engine, "before_cursor_execute", note)
        page_of_entries(session, filter=wanted)
        event.remove(books.database.engine, "before_cursor_execute", note)
        statement, values = asked[-1]
        lines = session.connection().exec_driver_sql(f"EXPLAIN {statement}", values)  # type: ignore[arg-type] # as the driver was given them
        return "\n".join(line for (line,) in lines)
