"""A studio with a server, a Google, a browser and computers whose users have a keyring."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import URL

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.config import Settings
from studio_core.db.engine import Database
from tests.desktop.signin.computers import Browser, Computer, Studio
from tests.fakes.google import FakeGoogle
from tests.jobs.api.web import serving
from tests.secret_service import Keyring, SecretService, require_programs


@pytest.fixture(scope="session")
def secret_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretService]:
    require_programs()
    service = SecretService(tmp_path_factory.mktemp("secrets") / "home")
    service.start()
    yield service
    service.stop()


@pytest.fixture
def keyring(secret_service: SecretService, monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """The keyring of whoever runs the program: empty and unlocked."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", secret_service.address)
    found = Keyring()
    found.wait_until_there()
    found.clear()
    return found


@pytest.fixture(autouse=True)
def _no_keyring_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests finds nothing of them in their own."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    # As a program in development tells its library.
    monkeypatch.setenv("STUDIO_ENV", "development")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def browser(qapp: QApplication) -> Iterator[Browser]:
    """What the program asks the system's browser for lands here."""
    catcher = Browser()
    # At run time it is the name, whatever the stubs say.
    QDesktopServices.setUrlHandler("http", catcher, "open")  # type: ignore[arg-type]  # See above.
    yield catcher
    QDesktopServices.unsetUrlHandler("http")


@pytest.fixture
def jobs_database(database: Database) -> Iterator[Database]:
    """As the server's own login, which is in studio_jobs and no more."""
    jobs = database.url.set(username=f"{database.url.database}.jobs", password="jobs-password-1")
    ensure_jobs_login(database.url, jobs)
    with Database(jobs, application_name="tests-serve") as own:
        yield own


@pytest.fixture
def studio(database: Database, jobs_database: Database, google: FakeGoogle) -> Iterator[Studio]:
    """Its database and its server, which takes the fake for Google."""
    with serving(create_app(jobs_database, doors=doors_of(google))) as web:
        yield Studio(database, google, web.url)


@pytest.fixture
def computer(
    studio: Studio, keyring: Keyring, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> Iterator[Computer]:
    """One desk, with the keyring of its user."""
    made = Computer(studio, tmp_path / "computer", qapp, qtbot)
    yield made
    made.stop()


@pytest.fixture
def nowhere() -> URL:
    """A database that nobody serves."""
    return URL.create("postgresql+psycopg2", host="127.0.0.1", port=1, database="x")


def doors_of(google: FakeGoogle, **changes: str) -> Doors:
    """What a server has open that takes the fake for Google. changes: of its settings."""
    given = {name.lower(): value for name, value in (google.environment() | changes).items()}
    settings = Settings(_env_file=None, **given)  # type: ignore[arg-type]  # as in an environment
    return Doors.of(settings)
