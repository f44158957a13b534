"""Taking money at the front desk, by keyboard, as the receptionist."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from studio_desktop.screens.payments.view import PaymentsView
from tests.desktop.screens.entry_desk import CTRL, EntryDesk, day, entry_desk, over_a_wire
from tests.desktop.screens.month_desk import Studio, click


def _view(desk: EntryDesk) -> PaymentsView:
    assert isinstance(desk.screen, PaymentsView)
    return desk.screen


def _ready(desk: EntryDesk) -> PaymentsView:
    """The artists are there to choose from."""
    view = _view(desk)
    desk.until(lambda: view.form.artist.count() > 0)
    return view


def _sell(desk: EntryDesk, amount: str) -> None:
    """A whole sale of a walk-in, nothing remembered yet."""
    view = _ready(desk)
    desk.key(Qt.Key.Key_F4)
    desk.type(amount)
    desk.key(Qt.Key.Key_2, CTRL)
    desk.choose(view.form.artist, "ana")
    desk.key(Qt.Key.Key_Return, CTRL)


def test_a_walk_in_is_an_amount_and_two_keys_from_the_second_time_on(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        _sell(desk, "200")
        desk.said("Received: R$\N{NO-BREAK SPACE}200,00 · Walk-in")
        desk.key(Qt.Key.Key_F4)
        desk.type("1.250,50")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Received: R$\N{NO-BREAK SPACE}1.250,50 · Walk-in")

        view = _view(desk)
        desk.until(lambda: len(view.model.rows) == 2)
        assert view.panel.isHidden()
        desk.until(lambda: view.table.current_row() is not None)
        assert view.table.current_row().amount == Decimal("1250.50")
        desk.until(lambda: view.summary() == "2 payments · R$\N{NO-BREAK SPACE}1.450,50")

    assert studio.books.rows(
        "SELECT amount, method, artist_id, client_id, paid_on FROM payments ORDER BY id"
    ) == [
        (Decimal("200.00"), "pix", studio.books.ana, None, day()),
        (Decimal("1250.50"), "pix", studio.books.ana, None, day()),
    ]


def test_two_identical_sales_are_two_sales(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        _sell(desk, "80")
        desk.said("Received")
        desk.key(Qt.Key.Key_F4)
        desk.type("80")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.until(lambda: len(_view(desk).model.rows) == 2)


def test_everything_wrong_is_said_at_its_field(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("12,345")
        desk.type_into(view.form.client, "Somebody new")
        view.form.day.setText("31/02/2026")
        desk.type_into(view.form.tip, "-5")
        desk.key(Qt.Key.Key_Return, CTRL)

        errors = {name: field.error() for name, field in view.form.form.fields().items()}
        assert "more" in errors["amount"]
        assert errors["method"] == "Choose how it was paid."
        assert errors["artist_id"] == "Choose an artist."
        assert errors["client_id"].startswith("Choose the client")
        assert "is not a day" in errors["paid_on"]
        assert "negative" in errors["tip_amount"]
        assert view.form.amount.hasFocus()
        assert studio.books.value("SELECT count(*) FROM payments") == 0

        view.form.amount.clear()
        desk.type("12,34")
        assert view.form.form.field("amount").error() == ""


def test_a_small_window_scrolls_to_the_cursor_and_to_the_notice(studio: Studio) -> None:
    with over_a_wire(studio) as (far, wire), entry_desk(far, "payments") as desk:
        view = _ready(desk)
        view.window().resize(1100, 720)
        wire.swallow_commit("INSERT INTO payments")
        desk.key(Qt.Key.Key_F4)
        desk.type("10")
        desk.key(Qt.Key.Key_2, CTRL)
        desk.choose(view.form.artist, "ana")
        view.form.notes.setFocus()
        assert _in_sight(view.form.notes)
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.until(view.form.notice.isVisible)
        assert _in_sight(view.form.notice)
        desk.key(Qt.Key.Key_Escape)


def _in_sight(part: QWidget) -> bool:
    """Something of it is not scrolled away."""
    return not part.visibleRegion().isEmpty()


def test_a_client_is_found_while_typing(studio: Studio) -> None:
    beatriz = studio.books.client("Beatriz Nóbrega")
    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("300")
        desk.key(Qt.Key.Key_1, CTRL)
        desk.type_into(view.form.client, "nobre")
        desk.until(view.form.client.shows_matches)
        desk.key(Qt.Key.Key_Return)
        assert view.form.client.value() == beatriz
        desk.choose(view.form.artist, "ana")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Beatriz Nóbrega")

    assert studio.books.rows("SELECT client_id, method FROM payments") == [(beatriz, "cash")]


def test_a_lost_answer_books_one_payment(studio: Studio) -> None:
    with over_a_wire(studio) as (far, wire), entry_desk(far, "payments") as desk:
        view = _ready(desk)
        wire.swallow_commit("INSERT INTO payments")
        _sell(desk, "420")
        desk.until(view.form.notice.isVisible)
        assert wire.cut.is_set()
        assert "never books it twice" in view.form.notice.text()
        assert view.form.amount.text() == "420,00"
        assert desk.screen.has_unsaved()
        assert studio.books.value("SELECT count(*) FROM payments") == 1

        click(view.form.notice.action)
        desk.said("Received: R$\N{NO-BREAK SPACE}420,00")
        assert view.panel.isHidden()

    assert studio.books.value("SELECT count(*) FROM payments") == 1
    assert studio.books.value("SELECT count(*) FROM commissions") == 1


def test_what_was_changed_after_a_lost_answer_becomes_a_correction(studio: Studio) -> None:
    with over_a_wire(studio) as (far, wire), entry_desk(far, "payments") as desk:
        view = _ready(desk)
        wire.swallow_commit("INSERT INTO payments")
        _sell(desk, "420")
        desk.until(view.form.notice.isVisible)
        view.form.amount.setFocus()
        view.form.amount.selectAll()
        desk.type("430")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.until(lambda: "was booked after all" in view.form.notice.text())
        assert view.form.amount.text() == "430,00"
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Corrected: R$\N{NO-BREAK SPACE}430,00")

    assert studio.books.rows("SELECT amount, voided_at IS NULL FROM payments ORDER BY id") == [
        (Decimal("420.00"), False),
        (Decimal("430.00"), True),
    ]


def test_a_form_survives_the_end_of_the_program(studio: Studio, kept_here: Path) -> None:
    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("275")
        desk.type_into(view.form.notes, "retoque")
        files = kept_here / "desk"
        desk.until(lambda: any(files.glob("payments-draft-*.json")))
        desk.until(lambda: "retoque" in next(files.glob("*draft*")).read_text(encoding="utf-8"))
        kept = next(files.glob("*draft*"))
        assert kept.stat().st_mode & 0o777 == 0o600

    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        desk.until(view.form.notice.isVisible)
        assert view.form.amount.text() == "275,00"
        assert view.form.notes.value() == "retoque"
        sent = json.loads(kept.read_text(encoding="utf-8"))["request_id"]
        desk.key(Qt.Key.Key_2, CTRL)
        desk.choose(view.form.artist, "ana")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Received")
        assert not kept.exists()

    assert (
        str(studio.books.value("SELECT request_id FROM requests WHERE action = 'record_payment'"))
        == sent
    )


def test_what_was_restored_can_be_discarded(studio: Studio, kept_here: Path) -> None:
    with entry_desk(studio, "payments") as desk:
        _ready(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("275")
        desk.until(lambda: any((kept_here / "desk").glob("*draft*")))
    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        click(view.form.notice.action)
        assert view.panel.isHidden()
    assert not any((kept_here / "desk").glob("*draft*"))


def test_esc_closes_the_form_and_the_notice_brings_it_back(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("99")
        desk.key(Qt.Key.Key_Escape)
        assert view.panel.isHidden()
        assert not view.has_unsaved()
        click(desk.undo_in_notice())
        assert view.form.amount.text() == "99"
        assert view.has_unsaved()


def test_undo_in_the_notice_voids_that_payment_and_no_other(studio: Studio) -> None:
    with entry_desk(studio, "payments") as desk:
        _sell(desk, "10")
        desk.said("R$\N{NO-BREAK SPACE}10,00")
        first_undo = desk.undo_in_notice()
        desk.key(Qt.Key.Key_F4)
        desk.type("20")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("R$\N{NO-BREAK SPACE}20,00")
        click(first_undo)
        desk.said("Taken back: R$\N{NO-BREAK SPACE}10,00")
        desk.key(Qt.Key.Key_Z, CTRL)
        desk.said("Taken back: R$\N{NO-BREAK SPACE}20,00")

    assert studio.books.rows("SELECT amount, void_reason FROM payments ORDER BY id") == [
        (Decimal("10.00"), "Undone right after booking"),
        (Decimal("20.00"), "Undone right after booking"),
    ]
    assert studio.books.value("SELECT count(*) FROM commissions WHERE voided_at IS NULL") == 0


def test_a_closed_month_is_said_as_soon_as_its_day_is_typed(studio: Studio) -> None:
    past = day().replace(day=1) - timedelta(days=1)
    studio.books.rows(
        "INSERT INTO accounting_months (month_start, state) VALUES (:first, 'closed')"
        " ON CONFLICT (month_start) DO UPDATE SET state = 'closed' RETURNING state",
        first=past.replace(day=1),
    )
    with entry_desk(studio, "payments") as desk:
        view = _ready(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("50")
        view.form.day.setFocus()
        view.form.day.selectAll()
        QTest.keyClicks(view.form.day, past.strftime("%d/%m/%Y"))
        desk.until(lambda: "is closed" in view.form.form.field("paid_on").error())
        desk.key(Qt.Key.Key_Return, CTRL)
        assert view.shows_form()


def test_the_commission_is_shown_to_the_office_only(studio: Studio) -> None:
    for access, shown in (("owner", True), ("reception", False)):
        with entry_desk(studio, "payments", access) as desk:
            view = _ready(desk)
            desk.key(Qt.Key.Key_F4)
            desk.type("301,01")
            desk.choose(view.form.artist, "ana")
            view.form.notes.setFocus()
            expected = "Commission 50 % · R$ 150,51".replace(" %", "\N{NO-BREAK SPACE}%")
            expected = expected.replace("R$ ", "R$\N{NO-BREAK SPACE}") if shown else ""
            assert view.form.form.field("artist_id")._note.text() == expected
            desk.key(Qt.Key.Key_Escape)
