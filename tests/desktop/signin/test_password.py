"""A password of one's own: after a one-time one, and from the menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from sqlalchemy import event, text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.people.queries import PersonRow
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.password import change_password
from studio_desktop.signin.password_page import PasswordPage
from studio_desktop.signin.session import sign_in
from tests.desktop.signin.computers import PASSWORD, SHOWN_MS, Browser, Computer, Studio

ANA = "ana@estudio.example"
NEW = "tinta preta fresca 7"


@pytest.fixture
def ana(studio: Studio) -> PersonRow:
    person = studio.invite(ANA, "reception")
    studio.give_password(person)
    return person


@pytest.fixture
def one_time(studio: Studio, ana: PersonRow) -> None:
    """The owner has just told Ana a password for once."""
    with studio.database.transaction() as session:
        session.execute(text("UPDATE user_logins SET must_change = true"))


def _type_in(computer: Computer, password: str = PASSWORD) -> None:
    computer.page.email.setText(ANA)
    QTest.keyClicks(computer.page.password, password)
    QTest.keyClick(computer.page.password, Qt.Key.Key_Return)


def _password_page(qtbot: QtBot, computer: Computer) -> PasswordPage:
    window = computer.running.window
    qtbot.waitUntil(lambda: isinstance(window.page(), PasswordPage), timeout=SHOWN_MS)
    page = window.page()
    assert isinstance(page, PasswordPage)
    return page


def _menu(computer: Computer) -> QMenu:
    workspace = computer.running.window.page()
    assert isinstance(workspace, Workspace)
    return workspace.user_menu()


def _opens(studio: Studio, password: str) -> bool:
    try:
        sign_in(studio.database.url, ANA, password).database.close()
    except RuleError:
        return False
    return True


def test_a_one_time_password_is_changed_before_any_work(
    qtbot: QtBot, computer: Computer, studio: Studio, one_time: None
) -> None:
    computer.start()
    _type_in(computer)
    page = _password_page(qtbot, computer)
    assert not page.old.isVisible()

    QTest.keyClicks(page.new, NEW)
    QTest.keyClick(page.new, Qt.Key.Key_Return)
    computer.wait_for_work()

    assert _opens(studio, NEW)
    assert not _opens(studio, PASSWORD)
    assert not studio.one("SELECT bool_or(must_change) FROM user_logins")
    with computer.desk.database.connection() as fresh:
        assert fresh.scalar(text("SELECT 1")) == 1


def test_a_one_time_password_is_no_password_to_keep(
    qtbot: QtBot, computer: Computer, one_time: None
) -> None:
    computer.start()
    _type_in(computer)
    page = _password_page(qtbot, computer)

    page.new.setText(PASSWORD)
    page.button.click()

    qtbot.waitUntil(lambda: bool(page.field_error("new")), timeout=SHOWN_MS)
    assert page.field_error("new") == "Choose another password than the one you have."


def test_whoever_does_not_change_it_now_is_out_again(
    qtbot: QtBot, computer: Computer, one_time: None
) -> None:
    computer.start()
    _type_in(computer)
    page = _password_page(qtbot, computer)

    page.back.click()

    assert not computer.is_at_work()
    assert computer.page.error() == ""
    assert computer.running.desk is None


def test_the_menu_changes_the_password_and_work_goes_on(
    qtbot: QtBot, computer: Computer, studio: Studio, ana: PersonRow
) -> None:
    computer.start()
    _type_in(computer)
    computer.wait_for_work()
    computer.note.line.setText("half a sentence")
    action = next(one for one in _menu(computer).actions() if one.text() == "Change password")
    action.trigger()
    page = _password_page(qtbot, computer)

    page.old.setText("not it at all")
    page.new.setText(NEW)
    page.button.click()
    qtbot.waitUntil(lambda: bool(page.field_error("old")), timeout=SHOWN_MS)
    assert page.field_error("old") == "That is not your password until now."
    assert not _opens(studio, NEW)

    page.old.setText(PASSWORD)
    page.button.click()
    computer.wait_for_work()

    assert _opens(studio, NEW)
    assert not _opens(studio, PASSWORD)
    assert computer.note.line.text() == "half a sentence"
    assert computer.running.notifier.texts() == ("Your password is changed.",)
    with Database(computer.desk.database.url, application_name="tests") as later:
        later.check()


def test_the_page_says_how_good_a_password_is(
    qtbot: QtBot, computer: Computer, ana: PersonRow
) -> None:
    computer.start()
    _type_in(computer)
    computer.wait_for_work()
    computer.running.show_password_change()
    page = _password_page(qtbot, computer)
    said = []

    for typed in ("", "ana", "agulha 99x", "uma frase minha e longa"):
        page.new.clear()
        QTest.keyClicks(page.new, typed)
        said.append(page.strength())

    assert said == [
        "At least 10 characters. A short sentence is easy to keep.",
        "Too easy to guess so far.",
        "Good.",
        "Very good.",
    ]
    page.old.setText(PASSWORD)
    page.new.setText("ana prado ana")
    page.button.click()
    qtbot.waitUntil(lambda: bool(page.field_error("new")), timeout=SHOWN_MS)
    assert page.field_error("new").startswith("The password is too weak")
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert computer.is_at_work()


def test_who_signs_in_with_google_has_no_password_to_change(
    computer: Computer, studio: Studio, ana: PersonRow, browser: Browser
) -> None:
    computer.start()
    computer.sign_in_with_google(browser)

    assert "Change password" not in [one.text() for one in _menu(computer).actions()]


def test_no_password_is_in_a_statement(
    qtbot: QtBot, computer: Computer, studio: Studio, ana: PersonRow
) -> None:
    computer.start()
    _type_in(computer)
    computer.wait_for_work()
    seen: list[str] = []
    database = computer.desk.database

    def keep(_connection: object, _cursor: object, words: str, values: object, *_: object) -> None:
        seen.append(f"{words} {values}")

    event.listen(database.engine, "before_cursor_execute", keep)
    change_password(database, computer.desk.credential, NEW, old=PASSWORD)

    assert any("change_own_password" in each and "SCRAM-SHA-256$" in each for each in seen)
    assert not [each for each in seen if NEW in each or PASSWORD in each]
