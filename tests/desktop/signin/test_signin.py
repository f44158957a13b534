"""Signing in with one's own password, at a real page and a real server."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import URL

from studio_core.db.engine import Database
from studio_core.people.actions import set_up_owner
from studio_core.people.queries import Person
from studio_desktop.preferences import Preferences
from studio_desktop.signin.controller import SignInController
from studio_desktop.signin.password_page import PasswordPage
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme

EMAIL, PASSWORD = "helena@estudio.example", "agulha fina 12"


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def owner(database: Database) -> None:
    with database.transaction() as session:
        set_up_owner(session, name="Helena Prado", email=EMAIL, password=PASSWORD)


def test_the_owner_signs_in_by_keyboard(
    qtbot: QtBot, theme: Theme, database_url: URL, owner: None, preferences: Preferences
) -> None:
    page, workers = SignInPage(theme), Workers(2)
    qtbot.addWidget(page)
    controller = SignInController(page, database_url, workers, preferences)
    QTest.keyClicks(page.email, EMAIL)
    QTest.keyClicks(page.password, PASSWORD)
    with qtbot.waitSignal(controller.signed_in, timeout=15_000) as told:
        QTest.keyClick(page.password, Qt.Key.Key_Return)
    assert told.args is not None
    signed_in = told.args[0]
    assert (signed_in.person.name, signed_in.person.access) == ("Helena Prado", "owner")
    assert preferences.last_email == EMAIL
    signed_in.database.close()
    workers.close()


def test_a_wrong_password_is_one_sentence_and_may_be_tried_again(
    qtbot: QtBot, theme: Theme, database_url: URL, owner: None, preferences: Preferences
) -> None:
    page, workers = SignInPage(theme, EMAIL), Workers(2)
    qtbot.addWidget(page)
    controller = SignInController(page, database_url, workers, preferences)
    controller.start()
    QTest.keyClicks(page.password, "wrong")
    QTest.mouseClick(page.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.error()), timeout=15_000)
    assert page.error() == "The e-mail or the password is wrong, or access was withdrawn."
    assert page.button.isEnabled()
    workers.close()


def test_a_server_that_does_not_answer_is_named(
    qtbot: QtBot, theme: Theme, preferences: Preferences
) -> None:
    page, workers = SignInPage(theme), Workers(2)
    qtbot.addWidget(page)
    nowhere = URL.create("postgresql+psycopg2", host="127.0.0.1", port=1, database="x")
    controller = SignInController(page, nowhere, workers, preferences)
    controller.start()
    qtbot.waitUntil(lambda: page.light.words() == "No answer from 127.0.0.1", timeout=10_000)
    workers.close()


def test_no_page_opens_a_window_of_its_own(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    person = Person(1, "Helena Prado", "owner", False, EMAIL)
    for page in (
        SignInPage(theme, EMAIL),
        SignInPage(theme, EMAIL, google=True, again=True),
        PasswordPage(theme, person, one_time=True),
        PasswordPage(theme, person, one_time=False),
    ):
        qtbot.addWidget(page)
    assert [each for each in qapp.topLevelWidgets() if each.isVisible()] == []


def test_google_comes_first_where_it_is_offered_and_enter_takes_it(
    qtbot: QtBot, theme: Theme
) -> None:
    page = SignInPage(theme, EMAIL, google=True)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.start(with_google=True)

    assert page.google.y() < page.email.mapTo(page, QPoint(0, 0)).y()
    with qtbot.waitSignal(page.google_wanted):
        QTest.keyClick(page.google, Qt.Key.Key_Return)
    assert [each.property("look") for each in (page.google, page.button)] == ["primary", "quiet"]


def test_where_it_is_not_offered_there_is_no_word_of_google(qtbot: QtBot, theme: Theme) -> None:
    page = SignInPage(theme, EMAIL)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()

    words = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    words += [each.text() for each in page.findChildren(QPushButton) if each.isVisible()]
    assert not [each for each in words if "Google" in each]
    assert page.button.property("look") == "primary"


def test_every_control_has_a_name_for_those_who_do_not_see_it(qtbot: QtBot, theme: Theme) -> None:
    page = SignInPage(theme, EMAIL, google=True)
    qtbot.addWidget(page)

    for control in (
        page.google,
        page.email,
        page.password,
        page.button,
        page.waiting.browser,
        page.waiting.cancel,
    ):
        assert control.accessibleName()


def test_escape_cancels_the_waiting(qtbot: QtBot, theme: Theme) -> None:
    page = SignInPage(theme, EMAIL, google=True)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.show_google_page("https://accounts.example/", opened=True)

    with qtbot.waitSignal(page.waiting.cancelled):
        QTest.keyClick(page, Qt.Key.Key_Escape)
