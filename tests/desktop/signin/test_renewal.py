"""A sign-in with Google goes on by itself; where it cannot, nothing that was typed is lost."""

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from studio_core.people import google_logins
from studio_core.people.queries import PersonRow
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.changes import ConnectionState
from studio_desktop.widgets.dialog import ConfirmDialog
from tests.desktop.signin.computers import PASSWORD, SHOWN_MS, Browser, Computer, Studio
from tests.secret_service import Keyring

ANA = "ana@estudio.example"
LIFE_S = 4


@pytest.fixture
def short_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that live for seconds, as an hour's work would pass."""
    monkeypatch.setattr(google_logins, "LOGIN_LIFETIME", timedelta(seconds=LIFE_S))


@pytest.fixture
def computer(computer: Computer, short_lives: None) -> Computer:
    """It looks at the clock all the time."""
    computer.look_ms = 50
    return computer


@pytest.fixture
def ana(studio: Studio) -> PersonRow:
    return studio.invite(ANA)


@pytest.fixture
def at_work(computer: Computer, ana: PersonRow, browser: Browser) -> Computer:
    """Ana has signed in with Google and types."""
    computer.start()
    computer.sign_in_with_google(browser)
    computer.note.line.setText("half a sentence")
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


def _end_connections(studio: Studio, role: str) -> None:
    with studio.database.transaction() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :role"),
            {"role": role},
        )


def _wait_until_over(qtbot: QtBot, studio: Studio) -> None:
    qtbot.waitUntil(lambda: studio.logins()[0][2], timeout=SHOWN_MS)


def test_work_goes_on_with_another_password_and_nobody_notices(
    qtbot: QtBot, at_work: Computer, studio: Studio, keyring: Keyring
) -> None:
    first = _session(at_work).login
    role = at_work.desk.credential.role

    qtbot.waitUntil(
        lambda: studio.one("SELECT now() > :end", end=first.expires_at), timeout=SHOWN_MS
    )
    _end_connections(studio, role)
    qtbot.waitUntil(lambda: at_work.desk.changes.state is ConnectionState.LOST, timeout=SHOWN_MS)
    qtbot.waitUntil(
        lambda: at_work.desk.changes.state is ConnectionState.CONNECTED, timeout=SHOWN_MS
    )

    assert at_work.desk.credential.role == role
    assert at_work.desk.credential.login()[1] != first.password
    with at_work.desk.database.transaction() as session:
        assert session.scalar(text("SELECT session_user")) == role
    assert at_work.note.line.text() == "half a sentence"
    assert not _workspace(at_work).sign_in_strip.isVisible()
    assert first.password not in keyring.secrets()[0]


def test_a_renewal_that_fails_is_told_once_and_forgotten_when_it_succeeds(
    qtbot: QtBot, at_work: Computer, studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[object] = []
    at_work.desk.watch.ending.connect(told.append)
    studio.google.down = True
    strip = _workspace(at_work).sign_in_strip
    qtbot.waitUntil(strip.isVisible, timeout=SHOWN_MS)
    assert strip.text().startswith("Your sign-in with Google could not be renewed and ends at ")

    studio.google.down = False
    qtbot.waitUntil(lambda: not strip.isVisible(), timeout=SHOWN_MS)

    assert [at is not None for at in told] == [True, False]
    assert at_work.note.line.text() == "half a sentence"
    assert "sign_in_not_renewed" in caplog.text


def test_at_the_end_one_signs_in_again_where_one_was(
    qtbot: QtBot,
    at_work: Computer,
    studio: Studio,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.google.down = True
    window = at_work.running.window
    qtbot.waitUntil(window.is_covered, timeout=SHOWN_MS)
    page = window.page()
    assert isinstance(page, SignInPage)
    assert page.email.text() == ANA

    studio.google.down = False
    at_work.sign_in_with_google(browser)

    assert not window.is_covered()
    assert at_work.note.line.text() == "half a sentence"
    with at_work.desk.database.transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1
    first = _session(at_work).login.password
    qtbot.waitUntil(lambda: _session(at_work).login.password != first, timeout=SHOWN_MS)
    assert at_work.desk.credential.login()[1] == _session(at_work).login.password


def test_a_dialog_with_words_in_it_waits_under_the_sign_in(
    qtbot: QtBot,
    at_work: Computer,
    ana: PersonRow,
    studio: Studio,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.give_password(ana)
    dialog = ConfirmDialog(at_work.running.window, "Why", "", "Do it")
    dialog.open()
    studio.google.down = True
    qtbot.waitUntil(at_work.running.window.is_covered, timeout=SHOWN_MS)
    assert not dialog.isVisible()

    at_work.page.password.setText(PASSWORD)
    at_work.page.button.click()
    at_work.wait_for_work()

    assert dialog.isVisible()
    dialog.reject()


def test_the_password_lets_one_go_on_as_well(
    qtbot: QtBot,
    at_work: Computer,
    ana: PersonRow,
    studio: Studio,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.give_password(ana)
    studio.google.down = True
    qtbot.waitUntil(at_work.running.window.is_covered, timeout=SHOWN_MS)

    at_work.page.password.setText(PASSWORD)
    at_work.page.button.click()
    at_work.wait_for_work()

    assert at_work.note.line.text() == "half a sentence"
    assert at_work.desk.watch.session is None
    with at_work.desk.database.connection() as connection:
        role = connection.scalar(text("SELECT session_user"))
    assert [role] == [name for name, *_ in studio.logins("password")]


def test_nobody_else_comes_in_over_somebodys_work(
    qtbot: QtBot,
    at_work: Computer,
    studio: Studio,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.google.down = True
    qtbot.waitUntil(at_work.running.window.is_covered, timeout=SHOWN_MS)
    studio.google.down = False
    studio.invite("bento@estudio.example", "owner", "Bento Reis")

    at_work.wait_for_browser(browser)
    browser.visit()

    assert at_work.wait_for_sentence().startswith("Ana Prado is at work here.")
    at_work.wait_until_idle()
    assert at_work.running.window.is_covered()


def test_whoever_was_dismissed_learns_it_and_comes_in_no_more(
    qtbot: QtBot,
    at_work: Computer,
    studio: Studio,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = at_work.desk.credential.role
    with studio.database.transaction() as session:
        session.execute(
            text("UPDATE users SET active = false WHERE email = :email"), {"email": ANA}
        )
        session.execute(text(f'ALTER ROLE "{role}" NOLOGIN'))
    _end_connections(studio, role)

    qtbot.waitUntil(at_work.running.window.is_covered, timeout=SHOWN_MS)
    at_work.wait_for_browser(browser)
    browser.visit()

    assert at_work.wait_for_sentence().startswith("That Google account may not come in.")
