"""What the tests of signing in play with: a studio, a browser, computers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import requests
from PySide6.QtCore import QObject, QSettings, QUrl, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.people.actions import add_person, give_login
from studio_core.people.queries import PersonRow
from studio_core.people.rules import PersonDraft
from studio_desktop.application import Application
from studio_desktop.desk import Desk
from studio_desktop.languages import Languages
from studio_desktop.places import Place, without_credentials
from studio_desktop.preferences import Preferences
from studio_desktop.screens.screen import Screen, ScreenContext, ScreenEntry
from studio_desktop.shell.window import Window
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.device import device_id
from studio_desktop.signin.google.door import GoogleDoor
from studio_desktop.signin.google.login import WAIT_S, GoogleSignIn
from studio_desktop.signin.google.renewal import LOOK_MS
from studio_desktop.signin.google.setup import GoogleSetup, google_setup
from studio_desktop.signin.kept_logins import KeptLogins
from studio_desktop.signin.view import SignInPage
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.inputs import LineEdit
from studio_desktop.widgets.notifier import Notifier
from tests.fakes.google import FakeGoogle, GooglePerson

PASSWORD = "agulha fina 12"
ZONE = ZoneInfo("America/Sao_Paulo")
SHOWN_MS = 20_000


class Browser(QObject):
    """Stands for the system's browser: keeps what it is asked to open, and goes there when told."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        self.asked.append(address.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def visit(self) -> requests.Response:
        """The page that was asked for last, with all its redirects; the person does as
        FakeGoogle says."""
        return requests.get(self.asked[-1], timeout=20)

    def redirect(self) -> str:
        """Where Google sends the browser, which does not go there yet."""
        sent = requests.get(self.asked[-1], timeout=20, allow_redirects=False)
        return sent.headers["Location"]


@dataclass
class Studio:
    """The studio's database and its server's address."""

    database: Database
    google: FakeGoogle
    server_url: str

    def invite(self, email: str, access: str = "owner", name: str = "Ana Prado") -> PersonRow:
        """Somebody who is also the one before Google's page."""
        draft = PersonDraft(name=name, email=email, access=access)
        with self.database.transaction() as session:
            person = add_person(session, request_id=uuid4(), draft=draft)
        self.google.person = GooglePerson(email, name=name)
        return person

    def give_password(self, person: PersonRow, password: str = PASSWORD) -> None:
        with self.database.transaction() as session:
            give_login(session, user_id=person.id, password=password)

    def logins(self, kind: str = "google") -> list[tuple[str, bool, bool]]:
        """Of each login role: its name, whether it has a password, whether that is over."""
        question = text(
            "SELECT rolname, rolpassword IS NOT NULL, coalesce(rolvaliduntil <= now(), false)"
            " FROM pg_authid JOIN user_logins ON role_name = rolname WHERE kind = :kind ORDER BY 1"
        )
        with self.database.transaction() as session:
            return [tuple(row) for row in session.execute(question, {"kind": kind})]

    def one(self, question: str, **parameters: object) -> Any:
        with self.database.transaction() as session:
            return session.scalar(text(question), parameters)


class NoteScreen(Screen):
    """One line that may be typed in, as any form."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.theme, "note")
        self.set_title("Note")
        self.context = context
        self.line = LineEdit()
        self.body.addWidget(self.line)

    def has_unsaved(self) -> bool:
        return bool(self.line.text())


def entries() -> tuple[ScreenEntry, ...]:
    everyone = frozenset({"owner", "manager", "reception", "artist"})
    return (ScreenEntry("note", "Note", "note", "desk", everyone, NoteScreen),)


@dataclass
class Computer:
    """One computer user's: what they like, the number of the desk, and the program when it runs.

    later: by how much its clock is put forward, as if so much time had passed at the desk.
    """

    studio: Studio
    folder: Path
    app: QApplication
    qtbot: QtBot
    kept: KeptLogins = field(default_factory=KeptLogins)
    wait_s: float = WAIT_S
    look_ms: int = LOOK_MS
    later: timedelta = timedelta(0)
    setup_changes: dict[str, str] = field(default_factory=dict)
    program: Application | None = None

    def settings(self) -> Settings:
        given = self.studio.google.environment() | {
            "STUDIO_ENV": "development",
            "OAUTHLIB_INSECURE_TRANSPORT": "1",
            "STUDIO_SERVER_URL": self.studio.server_url,
        }
        values = {name.lower(): value for name, value in (given | self.setup_changes).items()}
        return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # as an environment has them

    def start(self, language: str = "en") -> Application:
        """The program, at its sign-in page or, where the keyring knows somebody, beyond."""
        settings = self.settings()
        setup = google_setup(settings, ())
        assert isinstance(setup, GoogleSetup)
        theme, languages = Theme(self.app, "light"), Languages(self.app)
        languages.use(language)
        window = Window(theme)
        notifier = Notifier(theme, window)
        self.qtbot.addWidget(window)
        notifier.attach(window)
        store = QSettings(str(self.folder / "kept.ini"), QSettings.Format.IniFormat)
        sign_in = GoogleSignIn(setup, self.kept, device_id(self.folder))
        door = GoogleDoor(
            sign_in,
            theme,
            languages,
            window,
            wait_s=self.wait_s,
            look_ms=self.look_ms,
            now=lambda: datetime.now(UTC) + self.later,
        )
        program = Application(
            window,
            theme,
            languages,
            Preferences(store),
            notifier,
            entries,
            settings,
            google=door,
        )
        window.resize(1100, 760)
        with self.qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        self.program = program
        address = without_credentials(
            self.studio.database.url.render_as_string(hide_password=False)
        )
        program.start(Place("server", address))
        return program

    def stop(self) -> None:
        """As by closing the window."""
        if self.program is not None:
            self.program.window.close()
            # A process ends here; in this one the window goes on a little without its program.
            self.program.window.removeEventFilter(self.program.notifier)
            self.program = None

    @property
    def running(self) -> Application:
        assert self.program is not None, "the program runs"
        return self.program

    @property
    def page(self) -> SignInPage:
        page = self.running.window.page()
        assert isinstance(page, SignInPage), page
        return page

    @property
    def desk(self) -> Desk:
        assert self.running.desk is not None, "somebody is signed in"
        return self.running.desk

    @property
    def note(self) -> NoteScreen:
        page = self.running.window.page()
        assert isinstance(page, Workspace), page
        screen = page.current()
        assert isinstance(screen, NoteScreen)
        return screen

    def is_at_work(self) -> bool:
        return isinstance(self.running.window.page(), Workspace)

    def wait_for_work(self) -> None:
        def at_work() -> None:
            page = self.running.window.page()
            assert self.is_at_work(), page.error() if isinstance(page, SignInPage) else page

        self.qtbot.waitUntil(at_work, timeout=SHOWN_MS)

    def wait_for_sentence(self) -> str:
        """The refusal that the sign-in page shows."""
        self.qtbot.waitUntil(
            lambda: bool(self.page.error()) and not self.page.is_waiting(), timeout=SHOWN_MS
        )
        return self.page.error()

    def wait_for_browser(self, browser: Browser) -> None:
        """Until Google's page was asked for once more."""
        before = len(browser.asked)
        self.page.google.click()
        self.qtbot.waitUntil(lambda: len(browser.asked) > before, timeout=SHOWN_MS)

    def sign_in_with_google(self, browser: Browser) -> None:
        self.wait_for_browser(browser)
        browser.visit()
        self.wait_for_work()

    def wait_until_idle(self) -> None:
        door = self.running.google
        assert door is not None
        self.qtbot.waitUntil(lambda: door.workers.pending == 0, timeout=SHOWN_MS)
