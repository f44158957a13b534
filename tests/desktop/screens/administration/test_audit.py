"""The audit searched at a real window: every filter, before and after, identities, and growth."""

import uuid
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from studio_core.audit.rows import AuditFilter, AuditRow
from studio_core.db.engine import Database
from studio_core.ledger.actions import void_payment
from studio_core.ledger.queries import PaymentRow
from studio_core.observability import correlation
from studio_desktop.screens.administration.audit.filters import OWN_DAYS, PROGRAMS
from studio_desktop.screens.administration.audit.view import AuditSection
from tests.desktop.screens.administration.conftest import Office, office
from tests.desktop.screens.month_desk import Studio, click

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def audit(at: Office) -> AuditSection:
    section = at.section("audit")
    assert isinstance(section, AuditSection)
    at.until(lambda: bool(section.model.rows))
    return section


def records(section: AuditSection) -> list[str]:
    rows: tuple[AuditRow, ...] = section.model.rows
    return [f"{row.table} {row.row_key} {row.action}" for row in rows]


def void(studio: Studio, payment: PaymentRow, reason: str = "Cobrado em dobro") -> None:
    """By the receptionist."""
    with (
        Database(studio.login("reception"), application_name="studio-desktop") as reception,
        correlation("5eed00000001"),
        reception.transaction() as session,
    ):
        void_payment(
            session,
            request_id=uuid.uuid4(),
            payment_id=payment.id,
            version=payment.version,
            reason=reason,
        )


def open_first(at: Office, section: AuditSection) -> None:
    section.focus_list()
    at.key(Qt.Key.Key_Home, CTRL)
    at.key(Qt.Key.Key_Return)
    assert section.detail.isVisible()


def test_change_opens_with_before_and_after_and_who_did_it(studio: Studio) -> None:
    payment = studio.books.pay("150.10")
    void(studio, payment)
    with office(studio) as at:
        section = audit(at)
        section.filters.table.choose("payments")
        both = [f"payments {payment.id} update", f"payments {payment.id} insert"]
        at.until(lambda: records(section) == both)
        open_first(at, section)
        facts = dict(section.detail.facts())
        assert facts["Who"] == "Camila Teixeira"
        assert facts["Signed in as"] == studio.login("reception").username
        assert "Acted under" not in facts
        assert section.detail.correlation.value() == "5eed00000001"
        lines = {name: (was, now) for name, was, now in section.detail.values.lines()}
        assert lines["Voided because"] == ("–", "Cobrado em dobro")
        assert lines["Voided by"] == ("–", "Camila Teixeira")
        assert lines["Version"] == ("1", "2")
        marked = {
            label.text()
            for label in section.detail.values.findChildren(QLabel)
            if label.property("look") in ("was", "is_now")
        }
        assert "Cobrado em dobro" in marked
        assert not marked & {"1", "2", "–"}, "only what was changed on purpose is marked"
        at.key(Qt.Key.Key_Down)
        looked_at = section.detail.row()
        assert looked_at is not None
        assert looked_at.action == "insert"
        assert ("Amount", "–", "R$\N{NO-BREAK SPACE}150,10") in section.detail.values.lines()


def test_words_find_changes_from_the_top_bar(studio: Studio) -> None:
    first = studio.books.pay("10", notes="Promoção de março")
    studio.books.pay("20", notes="outra")
    with office(studio) as at:
        section = audit(at)
        QTest.keyClick(at.desk.workspace, Qt.Key.Key_K, CTRL)
        at.type("promocao")
        at.until(lambda: records(section) == [f"payments {first.id} insert"])
        at.until(lambda: section.summary().startswith("1 change"))
        at.key(Qt.Key.Key_Escape)
        at.until(lambda: len(section.model.rows) > 1)


def test_person_record_action_and_clearing(studio: Studio) -> None:
    first, second = studio.books.pay("10"), studio.books.pay("20")
    void(studio, second)
    with office(studio) as at:
        section = audit(at)
        filters = section.filters
        at.until(lambda: PROGRAMS in filters.person.options())
        camila = studio.books.value("SELECT id FROM users WHERE name = 'Camila Teixeira'")
        filters.person.choose(camila)
        at.until(
            lambda: (
                set(records(section))
                == {f"payments {second.id} update", f"commissions {second.id} update"}
                or (
                    records(section)[0].startswith("payments")
                    and all("update" in one for one in records(section))
                )
            )
        )
        filters.person.choose(PROGRAMS)
        at.until(lambda: f"payments {first.id} insert" in records(section))
        click(filters.clear)
        assert not filters.is_narrowed()
        filters.table.choose("payments")
        filters.number.setFocus()
        at.type(str(second.id))
        at.until(
            lambda: (
                records(section) == [f"payments {second.id} update", f"payments {second.id} insert"]
            )
        )
        filters.action.choose("insert")
        at.until(lambda: records(section) == [f"payments {second.id} insert"])
        filters.action.choose("delete")
        at.until(section.empty.isVisible)
        assert "No change fits" in section.empty.sentence()
        section.empty.wanted.emit()
        at.until(lambda: len(section.model.rows) > 3)


def test_period_by_chip_and_by_days(studio: Studio) -> None:
    payment = studio.books.pay("10")
    with studio.books.database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            text("UPDATE audit_log SET at = at - interval '10 days' WHERE table_name = 'payments'")
        )
    today = studio.books.value("SELECT studio.today()")
    with office(studio) as at:
        section = audit(at)
        section.filters.period.choose(6)
        at.until(lambda: not any(one.startswith("payments") for one in records(section)))
        section.filters.period.choose(29)
        at.until(lambda: f"payments {payment.id} insert" in records(section))
        section.filters.period.choose(OWN_DAYS)
        section.filters.last.setFocus()
        at.type((today - timedelta(days=9)).strftime("%d/%m/%Y"))
        at.until(lambda: records(section) == [f"payments {payment.id} insert"])


def test_all_of_a_record_and_all_of_an_action(studio: Studio) -> None:
    payment = studio.books.pay("100")
    void(studio, payment)
    with office(studio) as at:
        section = audit(at)
        section.filters.table.choose("payments")
        at.until(lambda: records(section)[0] == f"payments {payment.id} update")
        open_first(at, section)
        at.key(Qt.Key.Key_F2, SHIFT)
        at.until(lambda: "commissions" in " ".join(records(section)))
        assert section.filters.filter() == AuditFilter(correlation_id="5eed00000001")
        assert section.filters.one_action.text() == "Action 5eed00000001"
        section.filters.one_action.choose(None)
        at.until(lambda: len(section.model.rows) > 3)
        at.until(lambda: f"payments {payment.id} insert" in records(section))
        section.table.choose(next(row.id for row in section.model.rows if row.table == "payments"))
        at.key(Qt.Key.Key_F2)
        at.until(
            lambda: (
                records(section)
                == [f"payments {payment.id} update", f"payments {payment.id} insert"]
            )
        )


def test_correlation_id_may_be_typed_into_the_search(studio: Studio) -> None:
    payment = studio.books.pay("100")
    void(studio, payment)
    with office(studio) as at:
        section = audit(at)
        QTest.keyClick(at.desk.workspace, Qt.Key.Key_K, CTRL)
        at.type("5eed00000001")
        at.until(lambda: {row.correlation_id for row in section.model.rows} == {"5eed00000001"})
        assert f"payments {payment.id} update" in records(section)


def test_what_identifies_a_client_stands_apart_until_it_is_erased(studio: Studio) -> None:
    client = studio.books.client("Lia Prado")
    with office(studio) as at:
        section = audit(at)
        section.filters.table.choose("clients")
        at.until(lambda: records(section) == [f"clients {client} insert"])
        open_first(at, section)
        assert ("Name", "–", "Lia Prado") in section.detail.identity.lines()
        assert "Name" not in [name for name, _, _ in section.detail.values.lines()]
        assert "kept apart" in section.detail.apart()
        with studio.books.database.transaction() as session:
            session.execute(text("UPDATE audit_identities SET before = NULL, after = NULL"))
        QTest.keyClick(at.desk.workspace, Qt.Key.Key_F5)
        at.until(lambda: "were erased" in section.detail.apart())
        assert section.detail.identity.lines() == ()


def test_list_grows_and_keeps_its_place(studio: Studio) -> None:
    for number in range(60):
        studio.books.client(f"Cliente {number}")
    with office(studio) as at:
        section = audit(at)
        section.filters.table.choose("clients")
        at.until(lambda: len(section.model.rows) == 60)
        looked_at = section.model.rows[30]
        section.table.choose(looked_at.id)
        bar = section.table.verticalScrollBar()
        before = bar.value()
        assert before > 0
        studio.books.client("Mais uma")
        at.until(lambda: len(section.model.rows) == 61)
        assert section.table.current_row() == looked_at
        row_height = section.theme.tokens.row_height
        assert bar.value() in (before, before + row_height)


def test_further_pages_come_as_one_scrolls(studio: Studio) -> None:
    with studio.books.database.transaction() as session:
        session.execute(
            text("INSERT INTO clients (name) SELECT 'Cliente ' || g FROM generate_series(1, 250) g")
        )
    with office(studio) as at:
        section = audit(at)
        section.filters.table.choose("clients")
        at.until(lambda: len(section.model.rows) == 100)
        section.focus_list()
        at.key(Qt.Key.Key_End, CTRL)
        at.until(lambda: len(section.model.rows) >= 200)
        at.key(Qt.Key.Key_End, CTRL)
        at.until(lambda: len(section.model.rows) == 250)
        assert len({row.id for row in section.model.rows}) == 250
