"""The window around the screens: rail, search, keys, banner."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_core.people.queries import Person
from studio_desktop.screens.screen import Screen, ScreenContext, ScreenEntry
from studio_desktop.shell.workspace import Workspace
from studio_desktop.tasks.changes import ChangeBus, ConnectionState
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier


class SampleScreen(Screen):
    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.theme, "sample")
        self.set_title("Sample")
        self.primary = self.set_primary("New", "F2")
        self.backs = 0

    def search_hint(self) -> str:
        return "Search here"

    def go_back(self) -> bool:
        self.backs += 1
        return True


def _entry(key: str, *access: str) -> ScreenEntry:
    return ScreenEntry(key, key.title(), "clients", "desk", frozenset(access), SampleScreen)


@pytest.fixture
def workspace(qtbot: QtBot, theme: Theme, runner: Runner) -> Iterator[Workspace]:
    person = Person(1, "Rafaela Moura", "reception", False, "rafaela@estudio.example")
    bus = ChangeBus(lambda: pytest.fail("nobody listens here"))
    context = ScreenContext(
        runner, bus, Notifier(theme), person, theme, ZoneInfo("America/Sao_Paulo")
    )
    entries = (_entry("sample", "reception"), _entry("secret", "owner"))
    made = Workspace(context, entries, "Estúdio Alma", "en")
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    bus.close()


def test_the_rail_shows_only_what_the_person_may_open(workspace: Workspace) -> None:
    assert workspace.keys == ("sample",)
    assert workspace.show_screen("secret") is None


def test_a_screen_is_read_when_first_shown_and_at_f5(qtbot: QtBot, workspace: Workspace) -> None:
    screen = workspace.show_screen("sample")
    assert isinstance(screen, SampleScreen)
    with qtbot.waitSignal(screen.reload_wanted):
        QTest.keyClick(workspace, Qt.Key.Key_F5)
    with qtbot.waitSignal(screen.primary.clicked):
        QTest.keyClick(workspace, Qt.Key.Key_F2)
    QTest.keyClick(workspace, Qt.Key.Key_Escape)
    assert screen.backs == 1


def test_ctrl_k_searches_the_screen(qtbot: QtBot, workspace: Workspace) -> None:
    screen = workspace.show_screen("sample")
    assert screen is not None
    QTest.keyClick(workspace, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(workspace.top_bar.search.hasFocus)
    with qtbot.waitSignal(screen.search_changed) as typed:
        QTest.keyClicks(workspace.top_bar.search, "a")
    assert typed.args == ["a"]


def test_a_lost_connection_is_said_in_words(workspace: Workspace) -> None:
    changes = workspace._context.changes
    changes.state_changed.emit(ConnectionState.LOST)
    assert workspace.top_bar.light.words() == "No connection"
    assert workspace.banner.isVisible()
    changes.state_changed.emit(ConnectionState.CONNECTED)
    assert not workspace.banner.isVisible()
