"""Months closed, reopened and closed again at a real window by the people who may."""

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialog, QLabel
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month, reopen_month
from studio_core.extrato.queries import Statement, preview, show_extrato
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.dialogs import CloseAgainDialog, ReopenDialog
from studio_desktop.screens.extratos.view import ExtratosView
from tests.books import MONTH
from tests.desktop.screens.extratos.extratos_desk import (
    ARCHIVING,
    WRITING,
    badge,
    extratos,
    held,
    open_month,
    pay_late,
    press,
    row,
    shown,
    words,
)
from tests.desktop.screens.month_desk import Studio, click

AUGUST = Month(2025, 8)
CANCELLED = "SELECT bool_or(cancel_requested) FROM extrato_progress"


def test_months_stand_newest_first_with_their_state(studio: Studio) -> None:
    studio.books.fill(40, AUGUST)
    studio.books.fill(60)
    _close(studio, AUGUST)
    with studio.desk("owner") as desk:
        view = extratos(desk)
        studio.until(lambda: len(view.model.rows) == 3)
        QAbstractItemModelTester(view.model)
        running, ready, closed = view.model.rows
        assert [row.book.month for row in (ready, closed)] == [MONTH, AUGUST]
        assert [words(row) for row in (running, ready, closed)] == [
            ["Running month"],
            ["Ready to close"],
            ["Closed"],
        ]
        studio.until(lambda: all(row.book.figures for row in view.model.rows))
        assert _gross(view, MONTH) == Decimal(_preview(studio).totals["gross_revenue"])
        assert view.summary() == "1 month closed · 1 ready to close"
        assert view.close_button.text() == "Close September 2025"


def test_owner_closes_a_month_by_keyboard_and_sees_its_statement(studio: Studio) -> None:
    studio.books.fill(2000)
    expected = _preview(studio)
    with studio.desk("owner") as desk:
        view = extratos(desk)
        studio.until(lambda: view.table.model().rowCount() == 2)
        view.table.setFocus()
        view.table.choose(MONTH)
        QTest.keyClick(view.table, Qt.Key.Key_Return)
        studio.until(lambda: view.month() == MONTH)
        assert view.title() == "Extrato of September 2025"
        stages = _stages(view)
        click(view.close_button)
        assert view.card.isVisible()
        assert not view.close_button.isVisible()
        studio.until(lambda: view.page is not None and view.page.statement.version == 1)
        assert not view.card.isVisible()
        assert stages[-1] == 7
        assert stages == sorted(stages)
        statement = shown(view)
        assert (statement.totals, statement.counts) == (expected.totals, expected.counts)
        gross = formats.money(Decimal(expected.totals["gross_revenue"]))
        assert view.statement.figures.gross.text() == gross
        assert "September 2025 is closed." in desk.notifier.texts()[0]
        assert "backup of" in view.summary()
        assert len(list(studio.backup_dir.glob("2025-09_*.backup.zip"))) == 1
        assert view.reopen_button.isVisible()
        click(view.bar.copy)
        assert QGuiApplication.clipboard().text() == statement.digest
        QTest.keyClick(desk.workspace, Qt.Key.Key_Escape)
        assert view.month() is None
        studio.until(lambda: words(view.model.rows[1]) == ["Closed"])


def test_a_double_click_in_the_list_opens_the_month_and_closes_nothing(studio: Studio) -> None:
    studio.books.fill(20)
    with studio.desk("owner") as desk:
        view = extratos(desk)
        studio.until(view.close_button.isVisible)
        click(view.close_button)
        studio.until(lambda: view.month() == MONTH)
        QTest.mouseDClick(view.close_button, Qt.MouseButton.LeftButton)
        QTest.mouseRelease(view.close_button, Qt.MouseButton.LeftButton)
        assert not view.card.isVisible()
        assert shown(view).version is None


def test_cancel_in_the_middle_leaves_the_month_as_it_was(studio: Studio) -> None:
    studio.books.fill(2000)
    before = studio.books.snapshot()
    with studio.desk("owner", batch_size=1) as desk:
        view = open_month(studio, desk, MONTH)
        click(view.close_button)
        studio.until(lambda: view.card.ticks.place() >= 3)
        cancel = view.card.cancel_button()
        click(cancel)
        assert not cancel.isEnabled()
        studio.until(lambda: not view.card.isVisible())
        studio.until(lambda: bool(desk.notifier.texts()))
        assert desk.notifier.texts() == ("The closing was cancelled. Nothing was moved.",)
        studio.until(view.close_button.isVisible)
        assert studio.books.snapshot() == before
        assert shown(view).version is None
    assert studio.books.value("SELECT status FROM extrato_runs") == "cancelled"


def test_reopening_asks_why_and_gives_the_month_back(studio: Studio) -> None:
    studio.books.fill(80)
    before = studio.books.snapshot()
    _close(studio, MONTH)
    with studio.desk("owner") as desk:
        view = open_month(studio, desk, MONTH)
        click(view.reopen_button)
        dialog = view.findChild(ReopenDialog)
        assert dialog is not None
        studio.until(dialog.isVisible)
        click(dialog.action)
        assert dialog.field.error() == "Say why, in a few words."
        assert dialog.isVisible()
        QTest.keyClicks(dialog.reason, "Pix de agosto caiu aqui")
        QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
        studio.until(lambda: shown(view).version is None)
        assert desk.notifier.texts() == ("September 2025 is open again.",)
        assert view.close_button.isVisible()
        assert studio.books.snapshot() == before
        studio.until(view.bar.versions.isVisible)
        studio.until(lambda: words(row(view, MONTH)) == ["Reopened"])
        view.bar.versions.choose(1)
        studio.until(lambda: shown(view).version == 1)
        assert "Pix de agosto caiu aqui" in view.strip.text()
        assert not view.reopen_button.isVisible()


def test_reopening_says_in_the_dialog_what_went_wrong(studio: Studio) -> None:
    studio.books.fill(20)
    _close(studio, MONTH)
    with studio.desk("owner") as desk:
        view = open_month(studio, desk, MONTH)
        click(view.reopen_button)
        dialog = view.findChild(ReopenDialog)
        assert dialog is not None
        reopen_month(studio.books.database, month=MONTH, reason="from another desk")
        QTest.keyClicks(dialog.reason, "Valor errado")
        click(dialog.action)
        studio.until(lambda: _says(dialog, "nothing to reopen"))
        assert dialog.action.isEnabled()
        dialog.reject()


def test_late_payment_is_taken_in_by_closing_again(studio: Studio) -> None:
    studio.books.fill(50)
    _close(studio, MONTH)
    pay_late(studio, Decimal("77.00"))
    with studio.desk("owner") as desk:
        view = extratos(desk)
        studio.until(lambda: len(view.model.rows) == 2)
        assert words(row(view, MONTH)) == ["Closed", "Late entries"]
        _show(studio, view, MONTH)
        before = Decimal(shown(view).totals["gross_revenue"])
        assert "came after it was closed" in view.strip.text()
        click(view.again_button)
        dialog = view.findChild(CloseAgainDialog)
        assert dialog is not None
        studio.until(dialog.isVisible)
        click(dialog.action)
        studio.until(lambda: shown(view).version == 2)
        assert Decimal(shown(view).totals["gross_revenue"]) == before + Decimal("77.00")
        studio.until(lambda: not view.strip.isVisible())
        studio.until(lambda: words(row(view, MONTH)) == ["Version 2"])
        studio.until(lambda: not view.again_button.isVisible())
        view.bar.versions.choose(1)
        studio.until(lambda: shown(view).version == 1)
        assert Decimal(shown(view).totals["gross_revenue"]) == before
        assert "closed again" in view.strip.text()
        view.bar.versions.choose(None)
        studio.until(lambda: shown(view).version == 2)


def test_manager_reads_but_has_no_buttons(studio: Studio) -> None:
    studio.books.fill(30, AUGUST)
    studio.books.fill(30)
    _close(studio, AUGUST)
    pay_late(studio, Decimal("10.00"), AUGUST)
    with studio.desk("manager") as desk:
        view = extratos(desk)
        studio.until(lambda: len(view.model.rows) == 3)
        assert not view.close_button.isVisible()
        for month in (MONTH, AUGUST):
            _show(studio, view, month)
            shown = (view.close_button, view.again_button, view.reopen_button)
            assert not any(button.isVisible() for button in shown)
        assert view.strip.isVisible()


def test_reception_does_not_see_the_months(studio: Studio) -> None:
    with studio.desk("reception") as desk:
        assert {"history", "extratos"}.isdisjoint(desk.workspace.keys)
        assert desk.workspace.show_screen("extratos") is None


def test_closing_from_elsewhere_shows_live_and_an_owner_stops_it(studio: Studio) -> None:
    studio.books.fill(2000)
    create_backup(studio.books.database, month=MONTH, directory=studio.backup_dir)
    outcome: list[str] = []

    def close_at_the_server() -> None:
        options = ClosingOptions(studio.backup_dir, batch_size=1)
        with Database(studio.books.database.url, application_name="jobs") as own:
            try:
                close_month(own, month=MONTH, options=options)
                outcome.append("closed")
            except RuleError as error:
                outcome.append(error.code)

    with studio.desk("owner") as desk, studio.desk("manager") as other:
        view, onlooker = extratos(desk), extratos(other)
        studio.until(lambda: len(view.model.rows) == 2 and len(onlooker.model.rows) == 2)
        server = threading.Thread(target=close_at_the_server)
        server.start()
        studio.until(lambda: view.card.isVisible() and onlooker.card.isVisible())
        studio.until(lambda: view.card.ticks.place() >= 2)
        assert words(row(view, MONTH)) == ["Closing…"]
        assert not onlooker.card.cancel_button().isVisible()
        click(view.card.cancel_button())
        studio.until(lambda: bool(outcome))
        server.join()
        assert outcome == ["closing_cancelled"]
        studio.until(lambda: not view.card.isVisible() and not onlooker.card.isVisible())
        assert words(row(view, MONTH)) == ["Ready to close"]


def test_two_windows_on_this_computers_studio_see_each_other(studio: Studio) -> None:
    studio.books.fill(100)
    with studio.desk("owner", batch_size=1) as desk, studio.desk("owner") as other:
        view, second = open_month(studio, desk, MONTH), extratos(other)
        with held(studio, WRITING):
            press(view.close_button)
            assert badge(view.card) == "All or nothing"
            studio.until(lambda: second.card.stage() == "Writing the backup")
            assert badge(second.card) == "Started by Helena Prado"
            assert words(row(second, MONTH)) == ["Closing…"]
        studio.until(lambda: shown(view).version == 1)
        studio.until(lambda: not second.card.isVisible())
        reopen_month(studio.books.database, month=MONTH, reason="once more")
        studio.until(view.close_button.isVisible)
        with held(studio, ARCHIVING):
            press(view.close_button)
            studio.until(lambda: second.card.stage() == "Archiving expenses")
            press(second.card.cancel_button())
            studio.until(lambda: bool(studio.books.value(CANCELLED)))
        studio.until(lambda: not view.card.isVisible() and not second.card.isVisible())
        assert desk.notifier.texts()[-1] == "The closing was cancelled. Nothing was moved."
        assert shown(view).version is None


def test_second_closing_says_that_one_is_running(studio: Studio) -> None:
    studio.books.fill(20)
    with studio.desk("owner") as desk, studio.books.database.connection() as other:
        view = open_month(studio, desk, MONTH)
        other.execute(text("SELECT pg_advisory_lock(hashtext('studio.closing'), 202509)"))
        click(view.close_button)
        studio.until(lambda: "already running" in view.strip.text())
        assert view.strip.text() == "A closing of September 2025 is already running."
        studio.until(view.close_button.isVisible)


def test_busy_month_names_who_holds_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio_core.extrato.closing._WAIT", "700ms")
    monkeypatch.setattr("studio_core.extrato.closing._TRIES", 3)
    studio.books.fill(20)
    with (
        studio.desk("owner") as desk,
        Database(studio.login("reception"), application_name="studio-desktop") as reception,
    ):
        view = open_month(studio, desk, MONTH)
        with reception.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO payments (paid_on, amount, method, artist_id)"
                    " VALUES ('2025-09-30', 10, 'pix', :artist)"
                ),
                {"artist": studio.books.ana},
            )
            click(view.close_button)
            studio.until(lambda: "in use by" in view.strip.text())
            assert "Camila Teixeira" in view.strip.text()
        studio.until(view.close_button.isVisible)


def test_backup_that_cannot_be_written_is_said_and_nothing_moves(studio: Studio) -> None:
    studio.books.fill(20)
    before = studio.books.snapshot()
    studio.backup_dir.write_text("a file, where a folder should be")
    with studio.desk("owner") as desk:
        view = open_month(studio, desk, MONTH)
        click(view.close_button)
        studio.until(lambda: "Cannot write to" in view.strip.text())
        assert studio.books.snapshot() == before
        view.show_list()
        assert not view.strip.isVisible()


def test_running_month_says_from_when_it_can_be_closed(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = extratos(desk)
        studio.until(lambda: len(view.model.rows) == 1)
        running = view.model.rows[0].book.month
        _show(studio, view, running)
        assert formats.day(running.first_day_after) in view.strip.text()
        assert not view.close_button.isVisible()


def test_empty_studio_says_what_comes_here(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = extratos(desk)
        studio.until(lambda: len(view.model.rows) == 1)
        assert not view.table.isVisible()
        assert view.summary() == ""
        assert not view.close_button.isVisible()


def test_closing_out_of_order_is_told(studio: Studio) -> None:
    studio.books.fill(10, AUGUST)
    studio.books.fill(10)
    _close(studio, MONTH)
    with studio.desk("owner") as desk:
        view = open_month(studio, desk, AUGUST)
        click(view.close_button)
        studio.until(lambda: bool(desk.notifier.texts()))
        assert "A month after August 2025 is closed already." in desk.notifier.texts()[0]


def test_other_desks_see_the_closed_month_at_once(studio: Studio) -> None:
    studio.books.fill(20)
    with studio.desk("manager") as desk:
        view = open_month(studio, desk, MONTH)
        _close(studio, MONTH)
        studio.until(lambda: shown(view).version == 1)
        studio.until(lambda: words(row(view, MONTH)) == ["Closed"])


# Parts


def _show(studio: Studio, view: ExtratosView, month: Month) -> None:
    """The page of a month, as another screen leads to it."""
    view.show_subject(month)
    studio.until(lambda: view.month() == month)


def _says(dialog: QDialog, words: str) -> bool:
    return any(words in said.text() for said in dialog.findChildren(QLabel))


def _gross(view: ExtratosView, month: Month) -> Decimal | None:
    figures = row(view, month).book.figures
    return figures.gross_revenue if figures is not None else None


def _stages(view: ExtratosView) -> list[int]:
    """Every place that the ticks come to, from now on."""
    places: list[int] = []
    show = view.card.ticks.set_place

    def keep(place: int) -> None:
        places.append(place)
        show(place)

    ticks: Any = view.card.ticks
    ticks.set_place = keep
    return places


def _preview(studio: Studio) -> Statement:
    with studio.books.database.transaction() as session:
        return preview(session, MONTH)


def _close(studio: Studio, month: Month) -> Statement:
    database: Database = studio.books.database
    folder: Path = studio.backup_dir
    create_backup(database, month=month, directory=folder)
    close_month(database, month=month, options=ClosingOptions(folder, batch_size=1000))
    with database.transaction() as session:
        return show_extrato(session, month)
