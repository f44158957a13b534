"""What tests do at the screen of the months."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.extrato.queries import Statement
from studio_core.months import Month
from studio_desktop.screens.extratos.closing_card import ClosingCard
from studio_desktop.screens.extratos.months_table import MonthRow, badges
from studio_desktop.screens.extratos.view import ExtratosView
from studio_desktop.widgets.badge import BadgeLabel
from tests.desktop.screens.month_desk import Desk, Studio

# Keep a closing in a stage; no desk at the months reads or writes what they lock.
WRITING = "LOCK TABLE clients IN ACCESS EXCLUSIVE MODE"
ARCHIVING = "LOCK TABLE archive.expenses IN SHARE MODE"


def extratos(desk: Desk) -> ExtratosView:
    view = desk.workspace.show_screen("extratos")
    assert isinstance(view, ExtratosView)
    return view


def open_month(studio: Studio, desk: Desk, month: Month) -> ExtratosView:
    """The page of a month, opened from its line."""
    view = extratos(desk)
    studio.until(lambda: view.table.choose(month))
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    studio.until(lambda: view.month() == month)
    return view


def press(button: QAbstractButton) -> None:
    """By keyboard."""
    assert button.isVisible(), button.text()
    assert button.isEnabled(), button.text()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def shown(view: ExtratosView) -> Statement:
    assert view.page is not None
    return view.page.statement


def row(view: ExtratosView, month: Month) -> MonthRow:
    return next(row for row in view.model.rows if row.book.month == month)


def words(row: MonthRow) -> list[str]:
    return [badge.text for badge in badges(row)]


def badge(card: ClosingCard) -> str:
    """The word beside the title."""
    found = card.findChild(BadgeLabel)
    assert isinstance(found, BadgeLabel)
    return found.accessibleName()


@contextmanager
def held(studio: Studio, lock: str) -> Iterator[None]:
    with (
        Database(studio.books.database.url, application_name="tests-holding") as holder,
        holder.transaction() as session,
    ):
        session.execute(text(lock))
        yield
