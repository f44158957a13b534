"""The lock of the real program: Ctrl+L, idleness, another person in between, and the way back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from studio_core.people.access import disable_person, reset_login
from studio_core.people.pins import set_own_pin
from studio_core.people.queries import PersonRow
from studio_core.settings.actions import change_setting
from studio_core.settings.values import LOCK_AFTER_MINUTES
from studio_desktop.lock.view import LockPage
from studio_desktop.signin.view import SignInPage
from tests.desktop.signin.computers import PASSWORD, SHOWN_MS, Browser, Computer, Studio

ANA, BIA = "ana@estudio.example", "bia@estudio.example"


@pytest.fixture
def ana(studio: Studio) -> PersonRow:
    person = studio.invite(ANA, "reception")
    studio.give_password(person)
    return person


@pytest.fixture
def bia(studio: Studio) -> PersonRow:
    person = studio.invite(BIA, "owner", "Bia Lemos")
    studio.give_password(person)
    return person


def _sign_in(computer: Computer, email: str) -> None:
    computer.page.email.setText(email)
    QTest.keyClicks(computer.page.password, PASSWORD)
    QTest.keyClick(computer.page.password, Qt.Key.Key_Return)
    computer.wait_for_work()


def _lock(computer: Computer) -> LockPage:
    QTest.keyClick(computer.running.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    return _lock_page(computer)


def _lock_page(computer: Computer) -> LockPage:
    page = computer.running.window.page()
    assert isinstance(page, LockPage), page
    return page


def _unlock(page: LockPage, secret: str) -> None:
    QTest.keyClicks(page.secret, secret)
    QTest.keyClick(page.secret, Qt.Key.Key_Return)


def _wait_for_refusal(qtbot: QtBot, page: LockPage) -> str:
    qtbot.waitUntil(lambda: bool(page.field.error()), timeout=SHOWN_MS)
    return page.field.error()


def test_ctrl_l_locks_and_the_password_opens_where_one_was(
    qtbot: QtBot, computer: Computer, ana: PersonRow
) -> None:
    computer.start()
    _sign_in(computer, ANA)
    computer.note.line.setFocus()
    QTest.keyClicks(computer.note.line, "half a sentence")

    page = _lock(computer)
    assert page.person() is not None
    assert page.secret.hasFocus()
    _unlock(page, "not it at all")
    assert _wait_for_refusal(qtbot, page) == "That does not unlock this desk."
    assert not computer.is_at_work()

    _unlock(page, PASSWORD)
    computer.wait_for_work()
    assert computer.note.line.text() == "half a sentence"
    assert computer.note.line.hasFocus()


def test_nobody_at_the_desk_locks_it(
    qtbot: QtBot, computer: Computer, studio: Studio, ana: PersonRow
) -> None:
    with studio.database.transaction() as session:
        change_setting(session, LOCK_AFTER_MINUTES, 1)
    program = computer.start()
    _sign_in(computer, ANA)
    assert 0 < program.idle_watch.remaining_ms() <= 60_000
    program.idle_watch.set_wait(30)
    qtbot.waitUntil(program.lock.is_locked, timeout=SHOWN_MS)
    assert program.idle_watch.remaining_ms() == -1


def test_studio_may_say_that_desks_never_lock(
    computer: Computer, studio: Studio, ana: PersonRow
) -> None:
    with studio.database.transaction() as session:
        change_setting(session, LOCK_AFTER_MINUTES, 0)
    program = computer.start()
    _sign_in(computer, ANA)
    assert program.idle_watch.remaining_ms() == -1


def test_another_person_works_meanwhile_and_the_first_ones_form_waits(
    qtbot: QtBot, computer: Computer, ana: PersonRow, bia: PersonRow
) -> None:
    program = computer.start()
    _sign_in(computer, ANA)
    computer.note.line.setText("half a sentence")
    QTest.mouseClick(_lock(computer).somebody_else, Qt.MouseButton.LeftButton)
    assert computer.page.email.text() == ""
    _sign_in(computer, BIA)
    assert computer.desk.context.person.email == BIA
    assert computer.note.line.text() == ""

    page = _lock(computer)
    page.who.choose(ana.id)
    _unlock(page, PASSWORD)
    computer.wait_for_work()
    assert computer.desk.context.person.email == ANA
    assert computer.note.line.text() == "half a sentence"
    assert [desk.context.person.email for desk in program.lock.desks] == [BIA]
    with computer.desk.database.transaction() as session:
        assert session.scalar(text("SELECT studio.current_user_id()")) == ana.id


def test_whoever_signs_out_leaves_the_others_to_their_lock(
    computer: Computer, ana: PersonRow, bia: PersonRow
) -> None:
    computer.start()
    _sign_in(computer, ANA)
    QTest.mouseClick(_lock(computer).somebody_else, Qt.MouseButton.LeftButton)
    _sign_in(computer, BIA)
    computer.desk.sign_out_wanted.emit()
    page = _lock_page(computer)
    person = page.person()
    assert person is not None
    assert person.name == ana.name


def test_somebody_else_may_change_their_mind(computer: Computer, ana: PersonRow) -> None:
    program = computer.start()
    _sign_in(computer, ANA)
    QTest.mouseClick(_lock(computer).somebody_else, Qt.MouseButton.LeftButton)
    computer.page.left.emit()
    assert program.lock.is_locked()


def test_signing_in_anew_is_a_way_back_to_ones_own_desk(computer: Computer, ana: PersonRow) -> None:
    computer.start()
    _sign_in(computer, ANA)
    computer.note.line.setText("half a sentence")
    QTest.mouseClick(_lock(computer).somebody_else, Qt.MouseButton.LeftButton)
    _sign_in(computer, ANA)
    assert computer.note.line.text() == "half a sentence"
    with computer.desk.database.transaction() as session:
        assert session.scalar(text("SELECT studio.current_user_id()")) == ana.id


def test_password_that_was_reset_opens_no_locked_desk(
    qtbot: QtBot, computer: Computer, studio: Studio, ana: PersonRow
) -> None:
    computer.start()
    _sign_in(computer, ANA)
    page = _lock(computer)
    with studio.database.transaction() as session:
        reset_login(session, user_id=ana.id)
    _unlock(page, PASSWORD)
    assert _wait_for_refusal(qtbot, page) == "That does not unlock this desk."


def test_who_was_let_go_does_not_come_back(
    qtbot: QtBot, computer: Computer, studio: Studio, ana: PersonRow, bia: PersonRow
) -> None:
    computer.start()
    _sign_in(computer, ANA)
    page = _lock(computer)
    with studio.database.transaction() as session:
        disable_person(session, user_id=ana.id)
    _unlock(page, PASSWORD)
    assert _wait_for_refusal(qtbot, page) == "That does not unlock this desk."


def test_toast_of_the_locked_desk_is_gone_and_none_comes(
    computer: Computer, ana: PersonRow
) -> None:
    program = computer.start()
    _sign_in(computer, ANA)
    notifier = computer.desk.context.notifier
    notifier.info("New client: Carla Nunes")
    _lock(computer)
    assert program.notifier.texts() == ()
    notifier.info("Saved: Carla Nunes")
    assert program.notifier.texts() == ()


def test_pin_opens_the_desk_of_somebody_who_came_with_google(
    qtbot: QtBot, computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA, "reception")
    computer.start()
    computer.sign_in_with_google(browser)

    page = _lock(computer)  # Without a PIN only Google opens it.
    assert not page.secret.isVisible()
    QTest.mouseClick(page.button, Qt.MouseButton.LeftButton)
    assert isinstance(computer.running.window.page(), SignInPage)
    computer.sign_in_with_google(browser)

    with computer.desk.database.transaction() as session:
        set_own_pin(session, pin="284751")
    computer.desk.start()
    qtbot.waitUntil(lambda: computer.desk.check_of_secret() is not None, timeout=SHOWN_MS)
    page = _lock(computer)
    assert page.secret.isVisible()
    _unlock(page, "111222")
    assert _wait_for_refusal(qtbot, page) == "That does not unlock this desk."
    _unlock(page, "284751")
    computer.wait_for_work()
