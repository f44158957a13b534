"""The list of payments: paging, filters, search, order, live changes, correcting, voiding."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from studio_core.ledger.actions import void_payment
from studio_core.ledger.queries import PaymentRow
from studio_core.months import Month
from studio_desktop.forms.reason_dialog import ReasonDialog
from studio_desktop.models.columns import Quiet
from studio_desktop.screens.payments.columns import client_words, method_badges, remark
from studio_desktop.screens.payments.refund import RefundDialog
from studio_desktop.screens.payments.view import PaymentsView
from tests.desktop.screens.entry_desk import CTRL, EntryDesk, day, entry_desk
from tests.desktop.screens.month_desk import Studio, click

NBSP = "\N{NO-BREAK SPACE}"


def _view(desk: EntryDesk) -> PaymentsView:
    assert isinstance(desk.screen, PaymentsView)
    return desk.screen


def _pay(studio: Studio, amount: str, **changes: Any) -> PaymentRow:
    return studio.books.pay(amount, **({"paid_on": day()} | changes))


def _amounts(view: PaymentsView) -> list[Decimal]:
    return [row.amount for row in view.model.rows]


def _look_at(desk: EntryDesk, row: PaymentRow) -> None:
    view = _view(desk)
    desk.until(lambda: view.table.choose(row.id))
    view.table.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert view.shows_detail()


def test_a_long_month_is_read_page_by_page(studio: Studio) -> None:
    studio.books.fill(250, Month.of(date(2025, 9, 1)))
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        QAbstractItemModelTester(view.model, view)
        view.months.choose(Month(2025, 9))
        desk.until(lambda: len(view.model.rows) >= 100)
        desk.until(lambda: view.summary().startswith("250 payments"))
        view.table.scrollToBottom()
        desk.until(lambda: len(view.model.rows) >= 200)
        view.table.scrollToBottom()
        desk.until(lambda: len(view.model.rows) == 250)
        days = [row.paid_on for row in view.model.rows]
        assert days == sorted(days, reverse=True)


def test_chips_search_and_headers_narrow_and_sort(studio: Studio) -> None:
    beatriz = studio.books.client("Beatriz Nóbrega")
    _pay(studio, "100", client_id=beatriz)
    _pay(studio, "300", method="cash", artist_id=studio.books.bento)
    _pay(studio, "200", notes="retoque na mão")
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        desk.until(lambda: len(view.model.rows) == 3)
        view.methods.choose("cash")
        desk.until(lambda: _amounts(view) == [Decimal(300)])
        desk.until(lambda: view.summary() == f"1 payment · R${NBSP}300,00")
        click(view.clear)
        desk.until(lambda: len(view.model.rows) == 3)
        view.artists.choose(studio.books.bento)
        desk.until(lambda: _amounts(view) == [Decimal(300)])
        view.clear_filters()

        desk.key(Qt.Key.Key_K, CTRL)
        desk.type("nobrega")
        desk.until(lambda: _amounts(view) == [Decimal(100)])
        desk.key(Qt.Key.Key_Escape)
        desk.until(lambda: len(view.model.rows) == 3)

        header = view.table.horizontalHeader()
        last = header.count() - 1
        where = header.sectionViewportPosition(last) + 60
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where, 10))
        desk.until(lambda: _amounts(view) == [Decimal(300), Decimal(200), Decimal(100)])


def test_alt_left_goes_a_month_back_and_an_empty_one_says_so(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        before = Month.of(day()).previous()
        desk.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert view.months.month() == before
        desk.until(view.empty.isVisible)
        assert view.empty.sentence().startswith("No payments in ")


def test_somebody_elses_sale_appears_and_the_place_is_kept(studio: Studio) -> None:
    for number in range(60):
        _pay(studio, str(100 + number))
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        desk.until(lambda: len(view.model.rows) == 60)
        chosen = view.model.rows[40]
        view.table.choose(chosen.id)
        scrolled = view.table.verticalScrollBar().value()
        assert scrolled > 0
        _pay(studio, "999")
        desk.until(lambda: len(view.model.rows) == 61)
        assert view.table.current_row() == chosen
        assert view.table.verticalScrollBar().value() >= scrolled


def test_an_open_form_is_not_touched_by_somebody_elses_sale(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("123")
        before = view.form.typed()
        _pay(studio, "999")
        desk.until(lambda: len(view.model.rows) == 1)
        assert view.form.typed() == before
        assert view.form.amount.hasFocus()


def test_a_payment_is_corrected_by_voiding_it_and_booking_it_anew(studio: Studio) -> None:
    row = _pay(studio, "100", kind="deposit", notes="sinal")
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        _look_at(desk, row)
        desk.key(Qt.Key.Key_F2)
        assert view.shows_form()
        assert view.form.help.isVisible()
        assert not view.has_unsaved()
        desk.type("150")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said(f"Corrected: R${NBSP}150,00")

    assert studio.books.rows(
        "SELECT amount, kind, voided_at IS NULL, corrects_payment_id FROM payments ORDER BY id"
    ) == [
        (Decimal("100.00"), "deposit", False, None),
        (Decimal("150.00"), "deposit", True, row.id),
    ]


def test_a_conflict_tells_what_changed_and_keeps_what_was_typed(studio: Studio) -> None:
    row = _pay(studio, "100")
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        _look_at(desk, row)
        desk.key(Qt.Key.Key_F2)
        desk.type("150")
        studio.books.rows(
            "UPDATE payments SET notes = 'retoque' WHERE id = :id RETURNING id", id=row.id
        )
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.until(view.form.notice.isVisible)
        assert "notes “retoque”" in view.form.notice.text()
        click(view.form.notice.action)
        assert view.form.amount.text() == "150,00"
        assert view.form.notes.value() == "retoque"
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Corrected")

    assert studio.books.rows("SELECT amount, notes FROM payments WHERE voided_at IS NULL") == [
        (Decimal("150.00"), "retoque")
    ]


def test_a_payment_voided_elsewhere_is_not_corrected(studio: Studio) -> None:
    row = _pay(studio, "100")
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        _look_at(desk, row)
        desk.key(Qt.Key.Key_F2)
        desk.type("150")
        with studio.books.database.transaction() as session:
            void_payment(
                session, request_id=uuid.uuid4(), payment_id=row.id, version=1, reason="duplo"
            )
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.until(view.form.notice.isVisible)
        assert "already voided" in view.form.notice.text()

    assert studio.books.value("SELECT count(*) FROM payments") == 1


def test_voiding_wants_a_reason_and_shows_it(studio: Studio) -> None:
    row = _pay(studio, "100")
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        _look_at(desk, row)
        desk.key(Qt.Key.Key_Delete)
        dialog = desk.dialog()
        assert isinstance(dialog, ReasonDialog)
        click(dialog.action)
        assert dialog.field.error() == "Say why, in a few words."
        QTest.keyClicks(dialog.reason, "em dobro")
        QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
        desk.said("Voided")
        desk.until(lambda: view.model.rows[0].voided_at is not None)
        assert remark(view.model.rows[0]) == "Voided: em dobro"
        desk.until(lambda: view.summary() == f"0 payments · R${NBSP}0,00")
        assert ("Why", "em dobro") in view.detail.facts()
        assert not view.detail.foot.isVisible()


def test_a_refund_is_at_most_what_was_paid(studio: Studio) -> None:
    row = _pay(studio, "100")
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        _look_at(desk, row)
        click(view.detail.refund)
        dialog = desk.dialog()
        assert isinstance(dialog, RefundDialog)
        dialog.amount.setText("100,01")
        QTest.keyClicks(dialog.reason, "desistiu")
        click(dialog.action)
        assert "larger than what was paid" in dialog.amount_field.error()
        dialog.amount.setText("40")
        click(dialog.action)
        desk.said(f"Given back: −R${NBSP}40,00")
        desk.until(lambda: len(view.model.rows) == 2)
        refund = view.model.rows[0]
        assert [badge.text for badge in method_badges(refund)] == ["Pix", "Refund"]
        assert client_words(refund) == Quiet("Walk-in")

    assert studio.books.value("SELECT sum(amount) FROM payments") == Decimal("60.00")


def test_a_closed_month_says_where_its_payments_are(studio: Studio) -> None:
    studio.books.rows(
        "INSERT INTO accounting_months (month_start, state) VALUES ('2025-09-01', 'closed')"
        " ON CONFLICT (month_start) DO UPDATE SET state = 'closed' RETURNING state"
    )
    with entry_desk(studio, "payments") as desk:
        view = _view(desk)
        view.months.choose(Month(2025, 9))
        desk.until(lambda: "is closed" in view.empty.sentence())
