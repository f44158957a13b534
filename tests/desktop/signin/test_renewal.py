"""A sign-in with Google goes on by itself; where it cannot, nothing that was typed is lost."""

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.people.access import disable_person
from studio_core.people.queries import PersonRow
from studio_desktop.shell.keys import KeysDialog
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.tasks.changes import ConnectionState
from studio_desktop.widgets.dialog import ConfirmDialog
from tests.desktop.signin.computers import PASSWORD, SHOWN_MS, Browser, Computer, Studio
from tests.fakes.google import GooglePerson
from tests.secret_service import Keyring

ANA = "ana@estudio.example"
TYPED = "half a sentence"
# A password lives for ten hours.
MIDDLE, LAST_HOUR, OVER = timedelta(hours=6), timedelta(hours=9, minutes=30), timedelta(hours=11)


@pytest.fixture
def ana(studio: Studio) -> PersonRow:
    return studio.invite(ANA)


@pytest.fixture
def at_work(computer: Computer, ana: PersonRow, browser: Browser) -> Computer:
    """Ana has signed in with Google and types. The program looks at the clock all the time."""
    computer.look_ms = 50
    computer.start()
    computer.sign_in_with_google(browser)
    computer.note.line.setText(TYPED)
    computer.note.line.setFocus()
    return computer


def _session(computer: Computer) -> GoogleSession:
    session = computer.desk.watch.session
    assert session is not None
    return session


def _workspace(computer: Computer) -> Workspace:
    page = computer.running.window.page()
    assert isinstance(page, Workspace)
    return page


def _let_it_be_renewed(qtbot: QtBot, computer: Computer) -> None:
    before = _session(computer).login.password
    computer.later = MIDDLE
    qtbot.waitUntil(lambda: _session(computer).login.password != before, timeout=SHOWN_MS)
    computer.later = timedelta(0)
    computer.wait_until_idle()


def _let_it_end(qtbot: QtBot, computer: Computer) -> None:
    """Google was out of reach until the password had ended; now it is back."""
    computer.studio.google.down = True
    computer.later = OVER
    qtbot.waitUntil(computer.running.window.is_covered, timeout=SHOWN_MS)
    computer.later, computer.studio.google.down = timedelta(0), False


def _sign_in_with_password(computer: Computer) -> None:
    computer.page.password.setText(PASSWORD)
    computer.page.button.click()
    computer.wait_for_work()


def test_work_goes_on_with_another_password_and_nobody_notices(
    qtbot: QtBot, at_work: Computer, studio: Studio, keyring: Keyring
) -> None:
    role, first = at_work.desk.credential.login()
    _let_it_be_renewed(qtbot, at_work)

    # Neither the pool nor the listener remembers the first one, which is worth nothing any more.
    with pytest.raises(RuleError, match="wrong, or access was withdrawn"):
        Database(at_work.desk.database.url.set(password=first), application_name="t").check()
    states: list[object] = []
    at_work.desk.changes.state_changed.connect(states.append)
    with studio.database.transaction() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :role"),
            {"role": role},
        )
    qtbot.waitUntil(lambda: states[-1:] == [ConnectionState.CONNECTED], timeout=SHOWN_MS)
    with at_work.desk.database.transaction() as session:
        assert session.scalar(text("SELECT session_user")) == role
    assert at_work.note.line.text() == TYPED
    assert at_work.note.line.hasFocus()
    assert not _workspace(at_work).sign_in_strip.isVisible()
    assert _session(at_work).login.password in keyring.secrets()[0]


def test_a_renewal_that_fails_is_told_once_and_forgotten_when_it_succeeds(
    qtbot: QtBot, at_work: Computer, studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[object] = []
    at_work.desk.watch.ending.connect(told.append)
    strip = _workspace(at_work).sign_in_strip
    studio.google.down = True
    at_work.later = MIDDLE
    qtbot.waitUntil(lambda: "sign_in_not_renewed" in caplog.text, timeout=SHOWN_MS)
    assert not strip.isVisible()

    at_work.later = LAST_HOUR
    qtbot.waitUntil(strip.isVisible, timeout=SHOWN_MS)
    assert strip.text().startswith("Your sign-in with Google ends at ")
    studio.google.down = False
    at_work.later = LAST_HOUR + timedelta(minutes=10)
    qtbot.waitUntil(lambda: not strip.isVisible(), timeout=SHOWN_MS)

    assert [at is not None for at in told] == [True, False]
    assert at_work.note.line.text() == TYPED


def test_the_strip_leads_to_signing_in_again_before_the_end(
    qtbot: QtBot,
    at_work: Computer,
    studio: Studio,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    strip = _workspace(at_work).sign_in_strip
    studio.google.down = True
    at_work.later = LAST_HOUR
    qtbot.waitUntil(strip.isVisible, timeout=SHOWN_MS)
    at_work.later, studio.google.down = timedelta(0), False

    strip.wanted.emit()
    at_work.sign_in_with_google(browser)

    assert not strip.isVisible()
    assert at_work.note.line.text() == TYPED


def test_at_the_end_one_signs_in_again_where_one_was(
    qtbot: QtBot, at_work: Computer, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    _let_it_end(qtbot, at_work)
    assert at_work.page.email.text() == ANA

    at_work.sign_in_with_google(browser)

    assert not at_work.running.window.is_covered()
    assert at_work.note.line.text() == TYPED
    assert at_work.note.line.hasFocus()
    with at_work.desk.database.connection() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    _let_it_be_renewed(qtbot, at_work)
    assert at_work.desk.credential.login()[1] == _session(at_work).login.password


def test_a_dialog_with_words_in_it_waits_under_the_sign_in(
    qtbot: QtBot,
    at_work: Computer,
    ana: PersonRow,
    studio: Studio,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.give_password(ana)
    dialog = ConfirmDialog(at_work.note, "Why", "", "Do it")
    dialog.open()
    _let_it_end(qtbot, at_work)
    assert not dialog.isVisible()

    _sign_in_with_password(at_work)

    assert dialog.isVisible()
    dialog.reject()


def test_the_list_of_keys_is_not_left_lying_over_the_sign_in(
    qtbot: QtBot, at_work: Computer, caplog: pytest.LogCaptureFixture
) -> None:
    QTest.keyClick(_workspace(at_work), Qt.Key.Key_F1)
    (keys,) = at_work.running.window.findChildren(KeysDialog)
    assert keys.isVisible()

    _let_it_end(qtbot, at_work)

    assert not keys.isVisible()


def test_the_password_lets_one_go_on_as_well(
    qtbot: QtBot,
    at_work: Computer,
    ana: PersonRow,
    studio: Studio,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.give_password(ana)
    _let_it_end(qtbot, at_work)

    _sign_in_with_password(at_work)

    assert at_work.note.line.text() == TYPED
    assert at_work.desk.watch.session is None
    with at_work.desk.database.transaction() as session:
        role = session.scalar(text("SELECT session_user"))
    assert [role] == [name for name, *_ in studio.logins("password")]
    offered = [action.text() for action in _workspace(at_work).user_menu().actions()]
    assert "Change password" in offered


def test_nobody_else_comes_in_over_somebodys_work(
    qtbot: QtBot,
    at_work: Computer,
    studio: Studio,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _let_it_end(qtbot, at_work)
    studio.invite("bento@estudio.example", "owner", "Bento Reis")

    at_work.wait_for_browser(browser)
    browser.visit()

    assert at_work.wait_for_sentence().startswith("Ana Prado is at work here.")
    at_work.wait_until_idle()
    assert at_work.running.window.is_covered()
    assert len(studio.google.revoked) == 1


def test_one_may_sign_out_instead(
    qtbot: QtBot, at_work: Computer, keyring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    _let_it_end(qtbot, at_work)

    at_work.page.left.emit()
    at_work.wait_until_idle()

    assert at_work.running.desk is None
    assert not at_work.running.window.is_covered()
    assert keyring.labels() == []


def test_whoever_was_dismissed_learns_it_and_comes_in_no_more(
    qtbot: QtBot,
    at_work: Computer,
    ana: PersonRow,
    studio: Studio,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.invite("bento@estudio.example")
    studio.google.person = GooglePerson(ANA)
    with studio.database.transaction() as session:
        disable_person(session, user_id=ana.id)

    qtbot.waitUntil(at_work.running.window.is_covered, timeout=SHOWN_MS)
    at_work.wait_for_browser(browser)
    browser.visit()

    assert at_work.wait_for_sentence().startswith("That Google account may not come in.")


def test_signing_out_while_a_renewal_is_under_way_leaves_nothing(
    qtbot: QtBot, at_work: Computer, studio: Studio, keyring: Keyring
) -> None:
    studio.google.held = threading.Event()
    at_work.later = MIDDLE
    asked = studio.google.asked.count("/token")
    qtbot.waitUntil(lambda: studio.google.asked.count("/token") > asked, timeout=SHOWN_MS)

    at_work.desk.sign_out_wanted.emit()
    studio.google.held.set()
    at_work.wait_until_idle()

    assert keyring.labels() == []
    assert len(studio.google.revoked) == 1
    assert all(over or not has_password for _, has_password, over in studio.logins())


def test_two_programs_of_one_person_on_one_computer_share_what_is_renewed(
    qtbot: QtBot, at_work: Computer, studio: Studio, browser: Browser
) -> None:
    second = Computer(studio, at_work.folder, at_work.app, qtbot, look_ms=50)
    second.start()
    second.wait_for_work()
    role, old = second.desk.credential.login()
    assert at_work.desk.credential.login() == (role, old)

    _let_it_be_renewed(qtbot, at_work)
    with studio.database.transaction() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :role"),
            {"role": role},
        )

    newer = at_work.desk.credential.login()
    qtbot.waitUntil(lambda: second.desk.credential.login() == newer, timeout=SHOWN_MS)
    qtbot.waitUntil(
        lambda: second.desk.changes.state is ConnectionState.CONNECTED, timeout=SHOWN_MS
    )
    assert newer != (role, old)
    assert len(browser.asked) == 1
    second.stop()
