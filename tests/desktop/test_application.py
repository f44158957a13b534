"""Who closes months is decided by where the studio is, and changes with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import URL

from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.people.actions import set_up_owner
from studio_desktop import places
from studio_desktop.application import Application
from studio_desktop.catalogue import screen_entries
from studio_desktop.desk import Desk
from studio_desktop.firststart.view import FirstStartPage
from studio_desktop.languages import Languages
from studio_desktop.places import Place
from studio_desktop.preferences import Preferences
from studio_desktop.screens.screen import ClosingServer
from studio_desktop.shell.window import Window
from studio_desktop.signin.local import OpenedPlace
from studio_desktop.signin.view import SignInPage
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier

EMAIL, PASSWORD = "helena@estudio.example", "agulha fina 12"


@pytest.fixture
def application(
    qtbot: QtBot, qapp: QApplication, theme: Theme, database: Database, tmp_path: Path
) -> Iterator[Application]:
    with database.transaction() as session:
        set_up_owner(session, name="Helena Prado", email=EMAIL, password=PASSWORD)
    window = Window(theme)
    window.resize(1440, 900)
    notifier = Notifier(theme)
    notifier.attach(window)
    kept = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    languages = Languages(qapp)
    languages.use("en")
    made = Application(
        window, theme, languages, Preferences(kept), notifier, screen_entries, Settings()
    )
    window.show()
    yield made
    window.close()
    window.deleteLater()


def test_on_a_studios_server_the_server_closes_months(
    qtbot: QtBot, application: Application, database_url: URL
) -> None:
    application.start(Place("server", database_url.render_as_string(hide_password=False)))
    assert _sign_in(qtbot, application).context.closing_server == ClosingServer()


def test_on_this_computer_the_desk_closes_them_until_a_server_is_chosen(
    qtbot: QtBot,
    application: Application,
    database_url: URL,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    given_back: list[str] = []

    def opened(place: Place, *_: object, **__: object) -> OpenedPlace:
        """A studio of this computer, without the time that its own server takes."""
        return OpenedPlace(
            database_url, EMAIL, None, lambda: given_back.append(place.kind), tmp_path / "own"
        )

    monkeypatch.setattr("studio_desktop.application.open_place", opened)
    monkeypatch.setattr(places, "user_file", lambda: tmp_path / "desktop.toml")
    application.start(Place("local"))
    desk = _sign_in(qtbot, application)
    assert desk.context.closing_server is None
    assert desk.context.settings.backup_dir == tmp_path / "own"

    desk.sign_out_wanted.emit()
    page = application.show_first_start()
    assert isinstance(page, FirstStartPage)
    address = database_url.render_as_string(hide_password=False)
    page.server_wanted.emit(address, "")
    desk = _sign_in(qtbot, application)
    assert desk.context.closing_server == ClosingServer()
    assert desk.context.settings.backup_dir != tmp_path / "own"
    qtbot.waitUntil(lambda: given_back == ["local"], timeout=15_000)


def _sign_in(qtbot: QtBot, application: Application) -> Desk:
    """By keyboard; the desk that it leads to."""
    qtbot.waitUntil(lambda: isinstance(application.window.page(), SignInPage), timeout=15_000)
    page = application.window.page()
    assert isinstance(page, SignInPage)
    page.email.clear()
    QTest.keyClicks(page.email, EMAIL)
    QTest.keyClicks(page.password, PASSWORD)
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: application.desk is not None, timeout=15_000)
    assert application.desk is not None
    return application.desk
