"""No password and no token stands anywhere but in the keyring, whatever happens."""

import logging
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio_core.observability.logs import configure_logging, stop_logging
from studio_desktop.signin.google import login as google_login
from tests.desktop.signin.computers import PASSWORD, SHOWN_MS, Browser, Computer, Studio
from tests.fakes.google import FakeGoogle
from tests.secret_service import Keyring

ANA = "ana@estudio.example"
NEW_PASSWORD = "tinta preta fresca 7"


@pytest.fixture
def secrets(google: FakeGoogle) -> set[str]:
    """Everything that Google and the program tell each other and nobody else may know."""
    google.client_secret = "marked-client-secret"
    known = {google.client_secret, PASSWORD, NEW_PASSWORD}
    answer = google.answer

    def overheard(method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Any:
        said = answer(method, path, query, form)
        told = form | said.body
        for name in ("code", "code_verifier", "access_token", "refresh_token", "id_token"):
            if told.get(name):
                known.add(str(told[name]))
        return said

    google.answer = overheard  # type: ignore[method-assign]  # It listens, and changes nothing.
    return known


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    """The program's log files, more talkative than they ever are."""
    before = logging.getLogger().level
    folder = tmp_path / "logs"
    configure_logging(folder, program="studio-desktop", level=logging.DEBUG)
    yield folder
    stop_logging()
    logging.getLogger().setLevel(before)


def _found(secrets: set[str], text: str) -> list[str]:
    return [secret[:8] for secret in secrets if secret in text]


def test_a_day_at_the_desk_writes_no_secret_anywhere(
    qtbot: QtBot,
    computer: Computer,
    studio: Studio,
    browser: Browser,
    keyring: Keyring,
    secrets: set[str],
    logs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    studio.give_password(studio.invite(ANA))
    computer.look_ms = 50

    # A bug of ours in the worst place, with its traceback in the log.
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    computer.start()
    with monkeypatch.context() as patch:
        patch.setattr(google_login, "open_studio", broken)
        computer.wait_for_browser(browser)
        browser.visit()
        computer.wait_for_sentence()

    # In, renewed, once in vain, and out again.
    computer.sign_in_with_google(browser)
    session = computer.desk.watch.session
    assert session is not None
    first = session.login.password
    computer.later = timedelta(hours=6)
    qtbot.waitUntil(lambda: session.login.password != first, timeout=SHOWN_MS)
    studio.google.down = True
    qtbot.waitUntil(lambda: "sign_in_not_renewed" in caplog.text, timeout=SHOWN_MS)
    computer.later, studio.google.down = timedelta(0), False
    secrets |= {first, session.login.password}
    computer.desk.sign_out_wanted.emit()
    computer.wait_until_idle()

    # And with the person's own password, which is wrong, then right, then changed.
    computer.page.email.setText(ANA)
    for typed in (NEW_PASSWORD, PASSWORD):
        computer.page.password.setText(typed)
        computer.page.button.click()
        qtbot.waitUntil(lambda: computer.running.pending == 0, timeout=SHOWN_MS)
    computer.wait_for_work()
    computer.stop()
    stop_logging()

    written = {path: path.read_text("utf-8", "replace") for path in _files(tmp_path)}
    assert "ZeroDivisionError" in written[logs / "app.log"]
    assert {path.name for path in written} >= {"kept.ini", "app.log"}
    assert len(secrets) > 12
    assert {str(path): _found(secrets, text) for path, text in written.items()} == {
        str(path): [] for path in written
    }
    assert _found(secrets, " ".join(browser.asked)) == []
    assert _found(secrets, caplog.text) == []
    shown = capfd.readouterr()
    assert _found(secrets, shown.out + shown.err) == []
    caplog.clear()


def test_what_says_which_desk_it_is_can_be_read_by_its_user_alone(computer: Computer) -> None:
    computer.start()

    (device,) = computer.folder.glob("device-*")

    assert stat.S_IMODE(device.stat().st_mode) == 0o600


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
