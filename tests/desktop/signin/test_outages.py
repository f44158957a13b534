"""What is out of reach becomes a sentence, and the local way in stays open."""

import socket
from collections.abc import Iterator

import pytest
import requests

from server_jobs.api.app import create_app
from studio_core.db.engine import Database
from tests.desktop.signin.computers import PASSWORD, Browser, Computer, Studio
from tests.desktop.signin.conftest import doors_of
from tests.fakes.google import FakeGoogle
from tests.jobs.api.web import serving

ANA = "ana@estudio.example"
LOCAL_WAY = "Sign in with your e-mail and password"


@pytest.fixture
def nobodys_port() -> Iterator[int]:
    """One that is taken and never answers a connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _sign_in_locally(computer: Computer) -> None:
    computer.page.email.setText(ANA)
    computer.page.password.setText(PASSWORD)
    computer.page.button.click()
    computer.wait_for_work()


def test_the_studios_server_is_down(
    computer: Computer, studio: Studio, browser: Browser, nobodys_port: int
) -> None:
    studio.give_password(studio.invite(ANA))
    computer.setup_changes = {"STUDIO_SERVER_URL": f"http://127.0.0.1:{nobodys_port}"}
    computer.start()
    computer.page.google.click()

    said = computer.wait_for_sentence()

    assert said.startswith("The studio's server (127.0.0.1) does not answer.")
    assert LOCAL_WAY in said
    assert browser.asked == []
    _sign_in_locally(computer)


def test_the_studios_server_knows_no_google(
    computer: Computer, studio: Studio, database: Database
) -> None:
    studio.give_password(studio.invite(ANA))
    with serving(create_app(database)) as other:
        computer.setup_changes = {"STUDIO_SERVER_URL": other.url}
        computer.start()
        computer.page.google.click()
        said = computer.wait_for_sentence()

    assert said.startswith("The studio's server (127.0.0.1) is not set up for Google.")
    assert LOCAL_WAY in said


def test_something_else_answers_at_the_servers_address(
    computer: Computer, studio: Studio, google: FakeGoogle
) -> None:
    computer.setup_changes = {"STUDIO_SERVER_URL": google.issuer}
    computer.start()
    computer.page.google.click()

    said = computer.wait_for_sentence()

    assert said.startswith("The studio's server (127.0.0.1) answered something that is not of")


def test_the_two_programs_name_different_clients(computer: Computer, studio: Studio) -> None:
    computer.setup_changes = {"GOOGLE_CLIENT_ID": "another.apps.googleusercontent.example"}
    computer.start()
    computer.page.google.click()

    assert "name different clients at Google" in computer.wait_for_sentence()


def test_google_goes_down_between_its_page_and_the_token(
    computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.give_password(studio.invite(ANA))
    computer.start()
    computer.wait_for_browser(browser)
    back = browser.redirect()
    studio.google.down = True
    requests.get(back, timeout=20)

    said = computer.wait_for_sentence()

    assert said.startswith("Google does not answer (127.0.0.1).")
    assert LOCAL_WAY in said
    _sign_in_locally(computer)


def test_the_studios_server_cannot_reach_google(
    computer: Computer,
    studio: Studio,
    browser: Browser,
    jobs_database: Database,
    nobodys_port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio.invite(ANA)
    doors = doors_of(studio.google, GOOGLE_CERTS_URL=f"http://127.0.0.1:{nobodys_port}/certs")
    with serving(create_app(jobs_database, doors=doors)) as cut_off:
        computer.setup_changes = {"STUDIO_SERVER_URL": cut_off.url}
        computer.start()
        computer.wait_for_browser(browser)
        browser.visit()
        said = computer.wait_for_sentence()

    assert said.startswith("The studio's server (127.0.0.1) cannot reach Google.")
    assert "google_keys_unreachable" in caplog.text


def test_a_restart_without_the_studios_server_or_google_still_opens_the_studio(
    computer: Computer, studio: Studio, browser: Browser, nobodys_port: int
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    computer.stop()
    studio.google.down = True
    computer.setup_changes = {"STUDIO_SERVER_URL": f"http://127.0.0.1:{nobodys_port}"}

    computer.start()

    computer.wait_for_work()


def test_what_could_not_be_told_to_google_at_the_end_is_said(
    computer: Computer, studio: Studio, browser: Browser
) -> None:
    studio.invite(ANA)
    computer.start()
    computer.sign_in_with_google(browser)
    studio.google.down = True

    computer.desk.sign_out_wanted.emit()
    computer.wait_until_idle()

    told = computer.running.notifier.texts()
    assert told[0].startswith("You are signed out on this computer. Google does not answer")
    assert all(over or not has_password for _, has_password, over in studio.logins())
