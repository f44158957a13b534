"""The open month at a real window, equal to the books whoever books."""

from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from studio_core.extrato.queries import preview
from studio_core.ledger.queries import PaymentFilter, studio_today
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.view import ExtratosView
from studio_desktop.screens.history.view import HistoryView
from studio_desktop.screens.payments.view import PaymentsView
from studio_desktop.widgets.buttons import Button
from tests.books import MONTH
from tests.desktop.screens.month_desk import Desk, Studio, click

AUGUST = Month(2025, 8)


def test_figures_and_tables_are_the_preview_of_the_month(studio: Studio) -> None:
    studio.books.fill(2000)
    with studio.books.database.transaction() as session:
        expected = preview(session, MONTH)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        view.months.choose(MONTH)
        studio.until(lambda: "September 2025" in view.summary())
        totals = expected.totals
        figures = view.statement.figures
        shown = (figures.gross, figures.commissions, figures.expenses, figures.net)
        wanted = ("gross_revenue", "commissions", "expenses", "net_revenue")
        assert [card.text() for card in shown] == [_money(totals[name]) for name in wanted]
        assert figures.gross.note() == "2.000 payments"
        for card in (view.statement.artists, view.statement.methods, view.statement.categories):
            QAbstractItemModelTester(card.model)
        methods = view.statement.methods.model.rows
        assert {line.key: line.amounts[0] for line in methods if not line.kind} == {
            line["method"]: Decimal(line["total"]) for line in totals["by_method"]
        }
        assert methods[-1].amounts == (Decimal(totals["gross_revenue"]),)
        artists = view.statement.artists.model.rows
        assert [line.words for line in artists] == ["Ana Tinta", "Without commission", "Total"]


def test_payment_at_another_desk_is_in_the_totals_at_once(studio: Studio) -> None:
    today = _today(studio)
    with studio.desk("manager") as desk:
        view = _history(studio, desk)
        studio.until(view.is_empty)
        studio.books.pay("350.00", paid_on=today)
        studio.until(lambda: not view.is_empty())
        assert view.statement.figures.gross.text() == _money("350.00")
        studio.books.spend("50.00", spent_on=today)
        studio.until(lambda: view.statement.figures.net.text() == _money("125.00"))


def test_what_changed_behind_another_screen_is_read_when_it_comes_back(studio: Studio) -> None:
    today = _today(studio)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        studio.until(view.is_empty)
        desk.workspace.show_screen("extratos")
        studio.books.pay("80.00", paid_on=today)
        desk.workspace.show_screen("history")
        studio.until(lambda: view.statement.figures.gross.text() == _money("80.00"))


def test_net_revenue_is_compared_with_the_month_before(studio: Studio) -> None:
    studio.books.pay("100.00", paid_on=date(2025, 8, 10), artist_id=studio.books.bento)
    studio.books.pay("125.00", artist_id=studio.books.bento)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        view.months.choose(MONTH)
        studio.until(lambda: "September 2025" in view.summary())
        assert view.statement.figures.net.note() == "+25\N{NO-BREAK SPACE}% on August"


def test_owner_is_led_to_the_month_that_can_be_closed(studio: Studio) -> None:
    studio.books.fill(10)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        studio.until(view.strip.isVisible)
        assert view.strip.text() == "September 2025 is over and can be closed."
        button = view.strip.findChild(Button)
        assert button is not None
        click(button)
        extratos = desk.workspace.current()
        assert isinstance(extratos, ExtratosView)
        studio.until(lambda: extratos.month() == MONTH)
        assert extratos.close_button.isVisible()


def test_manager_is_told_that_an_owner_closes(studio: Studio) -> None:
    studio.books.fill(10)
    studio.books.fill(10, AUGUST)
    with studio.desk("manager") as desk:
        view = _history(studio, desk)
        studio.until(view.strip.isVisible)
        assert view.strip.text() == "2 months are over and can be closed. An owner can do it."
        button = view.strip.findChild(Button)
        assert button is not None
        assert not button.isVisible()


def test_enter_on_a_method_or_artist_leads_to_their_payments(studio: Studio) -> None:
    studio.books.fill(60)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        view.months.choose(MONTH)
        studio.until(lambda: "September 2025" in view.summary())
        led: list[tuple[str, Any]] = []
        view.elsewhere_wanted.disconnect()
        view.elsewhere_wanted.connect(lambda key, subject: led.append((key, subject)))
        for card in (view.statement.methods, view.statement.artists):
            card.table.setFocus()
            card.table.selectRow(0)
            QTest.keyClick(card.table, Qt.Key.Key_Return)
        method = view.statement.methods.model.rows[0].key
        assert led == [
            ("payments", PaymentFilter(month=MONTH, method=method)),
            ("payments", PaymentFilter(month=MONTH, search="Ana Tinta")),
        ]
        view.statement.methods.table.selectRow(view.statement.methods.model.rowCount() - 1)
        QTest.keyClick(view.statement.methods.table, Qt.Key.Key_Return)
        assert len(led) == 2


def test_payments_open_with_what_was_led_to(studio: Studio) -> None:
    studio.books.fill(60)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        view.months.choose(MONTH)
        studio.until(lambda: "September 2025" in view.summary())
        view.statement.artists.table.selectRow(0)
        QTest.keyClick(view.statement.artists.table, Qt.Key.Key_Return)
        payments = desk.workspace.current()
        assert isinstance(payments, PaymentsView)
        assert payments.months.month() == MONTH
        studio.until(lambda: payments.artists.value() == studio.books.ana)
        desk.workspace.show_screen("history")
        view.statement.methods.table.selectRow(0)
        QTest.keyClick(view.statement.methods.table, Qt.Key.Key_Return)
        assert payments.methods.value() == view.statement.methods.model.rows[0].key
        assert payments.artists.value() is None


def test_keys_go_from_month_to_month(studio: Studio) -> None:
    studio.books.fill(10)
    studio.books.fill(10, AUGUST)
    with studio.desk("owner") as desk:
        view = _history(studio, desk)
        newest = view.months.value()
        for _ in range(3):
            QTest.keyClick(desk.workspace, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert view.months.value() == AUGUST
        QTest.keyClick(desk.workspace, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        assert view.months.value() == MONTH
        assert newest is not None
        assert newest > MONTH


def _history(studio: Studio, desk: Desk) -> HistoryView:
    view = desk.workspace.show_screen("history")
    assert isinstance(view, HistoryView)
    studio.until(lambda: view.months.value() is not None and view.summary() != "")
    return view


def _today(studio: Studio) -> date:
    with studio.books.database.transaction() as session:
        return studio_today(session)


def _money(amount: str) -> str:
    return formats.money(Decimal(amount))
