"""Signing in with Google from the window to the main window, against real servers."""

import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_desktop.signin.kept_logins import KeptLogins
from tests.desktop.signin.computers import PASSWORD, SHOWN_MS, Browser, Computer, Studio
from tests.fakes.google import GooglePerson
from tests.secret_service import Keyring

ANA = "ana@estudio.example"


@pytest.fixture
def other_computer(computer: Computer, tmp_path: Path) -> Computer:
    """Somebody else's, with another number and no keyring."""
    kept = KeptLogins(lambda: None)
    return Computer(computer.studio, tmp_path / "other", computer.app, computer.qtbot, kept)


def test_google_leads_from_the_window_through_the_browser_to_work(
    computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    person = studio.invite(ANA, "reception")
    computer.start()

    computer.wait_for_browser(browser)
    assert "Choose your account" in computer.page.waiting.words()
    shown = browser.visit()
    computer.wait_for_work()

    assert "You can close this page" in shown.text
    assert computer.desk.context.person.id == person.id
    (role, has_password, over) = studio.logins()[0]
    assert (role, has_password, over) == (computer.desk.credential.role, True, False)
    assert len(keyring.labels()) == 1
    assert ANA in keyring.labels()[0]
    assert computer.running.notifier.texts() == ()


def test_google_is_asked_as_the_standards_want_it(
    computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.page.email.setText(ANA)
    computer.wait_for_browser(browser)

    asked = parse_qs(urlsplit(browser.asked[-1]).query)

    assert asked["scope"] == [
        "openid https://www.googleapis.com/auth/userinfo.email"
        " https://www.googleapis.com/auth/userinfo.profile"
    ]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    assert (asked["access_type"], asked["login_hint"]) == (["offline"], [ANA])
    assert len(asked["nonce"][0]) > 20
    assert len(asked["state"][0]) > 20


def test_a_restart_needs_no_browser(
    computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    person = studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    before = computer.desk.credential.login()
    computer.stop()

    computer.start()
    computer.wait_for_work()

    assert computer.desk.context.person.id == person.id
    assert computer.desk.credential.login() == before
    assert len(browser.asked) == 1


def test_a_restart_after_the_password_has_ended_gets_another(
    computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    role, before = computer.desk.credential.login()
    computer.stop()
    with studio.database.transaction() as session:
        session.execute(text(f"ALTER ROLE \"{role}\" VALID UNTIL '2020-01-01'"))

    computer.start()
    computer.wait_for_work()

    assert computer.desk.credential.role == role
    assert computer.desk.credential.login()[1] != before
    assert len(browser.asked) == 1
    assert len(keyring.secrets()) == 1
    assert before not in keyring.secrets()[0]


def test_what_google_withdrew_is_asked_for_again(
    computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    role = computer.desk.credential.role
    session = computer.desk.watch.session
    assert session is not None
    computer.stop()
    requests.post(
        f"{studio.google.issuer}/revoke", data={"token": session.login.refresh_token}, timeout=20
    )
    with studio.database.transaction() as open_session:
        open_session.execute(text(f"ALTER ROLE \"{role}\" VALID UNTIL '2020-01-01'"))

    computer.start()

    assert computer.wait_for_sentence() == (
        "Google has ended your sign-in on this computer. Sign in again."
    )
    assert keyring.labels() == []


def test_signing_out_leaves_nothing(
    computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    session = computer.desk.watch.session
    assert session is not None
    address, login = computer.desk.database.url, session.login

    computer.desk.sign_out_wanted.emit()
    computer.wait_until_idle()

    assert keyring.labels() == []
    assert studio.google.revoked == [login.refresh_token]
    assert [over or not has_password for _, has_password, over in studio.logins()] == [True]
    with (
        Database(address, application_name="tests") as late,
        pytest.raises(RuleError, match="wrong, or access was withdrawn"),
    ):
        late.check()
    assert computer.running.notifier.texts() == ()
    assert not computer.page.is_waiting()
    computer.stop()
    computer.start()
    computer.wait_until_idle()
    assert not computer.page.is_waiting()
    assert not computer.is_at_work()


def test_two_computers_of_one_person_do_not_break_each_other(
    computer: Computer, other_computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    other_computer.start()
    other_computer.sign_in_with_google(browser)
    assert computer.desk.credential.role != other_computer.desk.credential.role

    other_computer.desk.sign_out_wanted.emit()
    other_computer.wait_until_idle()
    other_computer.stop()

    with Database(computer.desk.database.url, application_name="tests") as still:
        still.check()


def test_who_says_no_to_google_is_told_so_and_may_try_again(
    computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    studio.google.consents = False
    computer.start()
    computer.wait_for_browser(browser)

    shown = browser.visit()

    assert "Not signed in" in shown.text
    assert computer.wait_for_sentence().startswith("Google was not allowed to say who you are.")
    studio.google.consents = True
    computer.sign_in_with_google(browser)


def test_an_account_that_was_not_invited_stays_out(
    computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    studio.invite(ANA)
    studio.google.person = GooglePerson("stranger@elsewhere.example")
    computer.start()
    computer.wait_for_browser(browser)
    browser.visit()

    assert computer.wait_for_sentence().startswith("That Google account may not come in.")
    assert keyring.labels() == []


def test_nobody_at_googles_page_is_not_waited_for_for_ever(
    computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    computer.wait_s = 0.3
    computer.start()
    computer.wait_for_browser(browser)

    assert computer.wait_for_sentence() == "Nobody answered Google's page in time. Try again."
    with pytest.raises(requests.ConnectionError):
        browser.visit()


def test_cancel_leads_back_at_once(
    qtbot: QtBot, computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.give_password(studio.invite(ANA))
    computer.start()
    computer.wait_for_browser(browser)

    computer.page.waiting.cancel.click()

    assert not computer.page.is_waiting()
    assert computer.page.error() == ""
    computer.page.email.setText(ANA)
    computer.page.password.setText(PASSWORD)
    computer.page.button.click()
    computer.wait_for_work()
    computer.wait_until_idle()
    with pytest.raises(requests.ConnectionError):
        browser.visit()


def test_cancelled_in_the_moment_of_success_it_is_as_if_it_had_never_been(
    qtbot: QtBot, computer: Computer, studio: Studio, browser: Browser, keyring: Keyring
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.wait_for_browser(browser)
    back = browser.redirect()
    studio.google.held = threading.Event()
    requests.get(back, timeout=20)
    qtbot.waitUntil(lambda: "/token" in studio.google.asked, timeout=SHOWN_MS)

    computer.page.waiting.cancel.click()
    studio.google.held.set()
    computer.wait_until_idle()

    assert not computer.is_at_work()
    assert keyring.labels() == []
    assert len(studio.google.revoked) == 1
    assert all(over or not has_password for _, has_password, over in studio.logins())


def test_the_browser_may_be_opened_again(
    qtbot: QtBot, computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.wait_for_browser(browser)

    computer.page.waiting.browser.click()

    assert browser.asked == [browser.asked[0]] * 2
    browser.visit()
    computer.wait_for_work()


def test_without_a_browser_the_address_can_be_copied(
    qtbot: QtBot, computer: Computer, studio: Studio
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.page.google.click()
    waiting = computer.page.waiting
    qtbot.waitUntil(waiting.no_browser.isVisible, timeout=SHOWN_MS)

    waiting.no_browser.action.click()

    address = computer.app.clipboard().text()
    assert address.startswith(studio.google.issuer)
    requests.get(address, timeout=20)
    computer.wait_for_work()


def test_without_a_keyring_it_works_for_this_run_and_says_so(
    qtbot: QtBot, other_computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    other_computer.start()
    qtbot.waitUntil(
        lambda: other_computer.page.not_kept().startswith("This computer has no keyring"),
        timeout=SHOWN_MS,
    )
    other_computer.sign_in_with_google(browser)
    told = other_computer.running.notifier.texts()
    assert [words[:31] for words in told] == ["This computer has no keyring fo"]
    other_computer.stop()

    other_computer.start()
    other_computer.wait_until_idle()

    assert not other_computer.is_at_work()
    assert not other_computer.page.is_waiting()
    other_computer.stop()
