"""A studio with people who sign in, and desks at which they look at its months."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from sqlalchemy import URL

from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.people.actions import add_person, give_login
from studio_core.people.logins import login_role
from studio_core.people.queries import signed_in_person
from studio_core.people.rules import PersonDraft
from studio_desktop.catalogue import screen_entries
from studio_desktop.screens.screen import ClosingServer, ScreenContext
from studio_desktop.shell.workspace import Workspace
from studio_desktop.tasks.changes import ChangeBus, ConnectionState
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier
from tests.books import Books

PASSWORD = "agulha fina 12"
PEOPLE = {"owner": "Helena Prado", "manager": "Otávio Lins", "reception": "Camila Teixeira"}
PATIENCE_MS = 30_000


@dataclass
class Desk:
    """One person's window."""

    workspace: Workspace
    notifier: Notifier


@dataclass
class Studio:
    """books: as the superuser. address: without user and password."""

    qtbot: QtBot
    theme: Theme
    books: Books
    address: URL
    backup_dir: Path

    def login(self, access: str) -> URL:
        email = _email(access)
        role = login_role(self.address.database or "", email)
        return self.address.set(username=role, password=PASSWORD)

    @contextmanager
    def desk(
        self,
        access: str,
        *,
        batch_size: int = 1000,
        closing_server: ClosingServer | None = None,
    ) -> Iterator[Desk]:
        """A window with live changes, open at nothing yet.

        closing_server: None at a studio of this computer only.
        """
        database = Database(self.login(access), application_name="studio-desktop")
        with database.transaction() as session:
            person = signed_in_person(session)
        runner, notifier = Runner(database), Notifier(self.theme)
        changes = ChangeBus(partial(Listener, database.url))
        context = ScreenContext(
            runner,
            changes,
            notifier,
            person,
            self.theme,
            ZoneInfo("America/Sao_Paulo"),
            Settings(backup_dir=self.backup_dir, batch_size=batch_size),
            closing_server,
        )
        workspace = Workspace(context, screen_entries(), "Estúdio Alma", "en")
        workspace.resize(1440, 900)
        notifier.attach(workspace)
        with self.qtbot.waitExposed(workspace):
            workspace.show()
        workspace.activateWindow()
        changes.start()
        self.until(lambda: changes.state is ConnectionState.CONNECTED)
        try:
            yield Desk(workspace, notifier)
        finally:
            changes.close()
            runner.close()
            workspace.close()
            workspace.deleteLater()

    def until(self, holds: Callable[[], bool | None]) -> None:
        """Waits for a condition, for as long as a slow machine may need."""
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)


def make_studio(qtbot: QtBot, theme: Theme, database: Database, folder: Path) -> Studio:
    for access, name in PEOPLE.items():
        with database.transaction() as session:
            draft = PersonDraft(name=name, email=_email(access), access=access)
            person = add_person(session, request_id=uuid.uuid4(), draft=draft)
            give_login(session, user_id=person.id, password=PASSWORD)
    return Studio(qtbot, theme, Books(database), database.url, folder / "backups")


def click(button: QAbstractButton) -> None:
    assert button.isVisible(), button.text()
    assert button.isEnabled(), button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _email(access: str) -> str:
    return f"{access}@estudio.example"
