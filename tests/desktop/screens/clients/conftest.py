"""The clients screen on a real database, driven by a receptionist and by the studio's owner."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_core.clients.actions import add_client
from studio_core.clients.queries import ClientRow
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.people.actions import add_person, give_login
from studio_core.people.logins import login_role
from studio_core.people.queries import signed_in_person
from studio_core.people.rules import PersonDraft
from studio_desktop.screens.clients.controller import ClientsController
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.tasks.changes import ChangeBus, ConnectionState
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier
from tests.desktop.screens.wire import Wire

PASSWORD = "pele e tinta 2025"
ZONE = ZoneInfo("America/Sao_Paulo")


@dataclass
class Desk:
    """One person's screen, and hands to use it with."""

    qtbot: QtBot
    database: Database
    runner: Runner
    changes: ChangeBus
    notifier: Notifier
    window: QWidget
    view: ClientsView
    bugs: list[Any] = field(default_factory=list)

    def settle(self) -> None:
        """Until nothing that was asked is unanswered."""
        self.qtbot.waitUntil(lambda: self.runner.pending == 0, timeout=10_000)

    def until(self, happened: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(happened()), timeout=10_000)

    def type(self, control: QWidget, text: str) -> None:
        control.setFocus()
        for letter in text:
            # QTest's own keyClicks() knows no accents.
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(control, event)

    def key(self, keys: str, on: QWidget | None = None) -> None:
        """A key as written, such as Ctrl+Return, where the focus is."""
        pressed = QKeySequence(keys)[0]
        QTest.keyClick(
            on if on is not None else self.window, pressed.key(), pressed.keyboardModifiers()
        )

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def names(self) -> list[str]:
        return [row.shown_name for row in self.view.model.rows]

    def search(self, text: str) -> None:
        """At every key, as the top bar says it."""
        for length in range(1, len(text) + 1):
            self.view.search_changed.emit(text[:length])
        if not text:
            self.view.search_changed.emit("")

    def open(self, name: str) -> None:
        """Click on a client's row."""
        model = self.view.model
        position = self.names().index(name)
        cell = self.view.table.visualRect(model.index(position, 0)).center()
        viewport = self.view.table.viewport()
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=cell)
        self.until(lambda: (detail := self.view.detail.detail()) and detail.shown_name == name)
        self.settle()

    def toasts(self) -> str:
        return "\n".join(self.notifier.texts())


OpenDesk = Callable[..., Desk]


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept drafts go into a folder of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture
def open_desk(qtbot: QtBot, database: Database, theme: Theme) -> Iterator[OpenDesk]:
    """Somebody with an access sits down; each call is another computer."""
    with ExitStack() as at_the_end:
        known: dict[str, Database] = {}

        def sign_in(access: str) -> Database:
            email = f"{access}@exemplo.com"
            if access not in known:
                with database.transaction() as session:
                    draft = PersonDraft(name=access.title(), email=email, access=access)
                    person = add_person(session, request_id=uuid4(), draft=draft)
                    give_login(session, user_id=person.id, password=PASSWORD)
            role = login_role(database.url.database or "", email)
            known[access] = Database(
                database.url.set(username=role, password=PASSWORD), application_name="tests"
            )
            return known[access]

        def open_it(access: str = "reception", wire: Wire | None = None) -> Desk:
            own = sign_in(access)
            if wire is not None:
                url = own.url.set(host="127.0.0.1", port=wire.port)
                own = Database(url, application_name="tests")
            with own.transaction() as session:
                person = signed_in_person(session)
            runner = Runner(own)
            changes = ChangeBus(lambda: Listener(own.url, application_name="tests listener"))
            notifier = Notifier(theme)
            window = QWidget()
            qtbot.addWidget(window)
            notifier.attach(window)
            runner.refused.connect(notifier.error)
            context = ScreenContext(runner, changes, notifier, person, theme, ZONE)
            view = ClientsView(context, _today)
            ClientsController(view, context, _today)
            QVBoxLayout(window).addWidget(view)
            window.resize(1200, 800)
            desk = Desk(qtbot, own, runner, changes, notifier, window, view)
            runner.failed.connect(desk.bugs.append)
            at_the_end.callback(_leave, desk)
            changes.start()
            qtbot.waitUntil(lambda: changes.state is ConnectionState.CONNECTED, timeout=10_000)
            with qtbot.waitExposed(window):
                window.show()
            window.activateWindow()
            desk.settle()
            return desk

        yield open_it


def _leave(desk: Desk) -> None:
    desk.changes.close()
    desk.runner.close()
    desk.window.close()
    assert desk.bugs == []


def _today() -> date:
    return date(2025, 9, 12)


@pytest.fixture
def wire(database: Database) -> Iterator[Wire]:
    """Between a desk and the server; it can be cut at the worst moment."""
    address = database.url
    assert address.host is not None
    assert address.port is not None
    with Wire(address.host, address.port) as carrying:
        yield carrying


@pytest.fixture
def add(database: Database) -> Callable[..., ClientRow]:
    """Adds a client as somebody else would."""

    def add_one(name: str, **more: Any) -> ClientRow:
        with database.transaction() as session:
            return add_client(session, request_id=uuid4(), draft=ClientDraft(name=name, **more))

    return add_one
