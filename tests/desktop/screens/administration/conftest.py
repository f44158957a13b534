"""A studio whose owner, manager and receptionist sign in, and its owner in Administration."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio_core.db.engine import Database
from studio_desktop.forms import kept
from studio_desktop.screens.administration.section import Section
from studio_desktop.screens.administration.view import AdministrationView
from studio_desktop.screens.screen import ClosingServer
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Toast
from tests.desktop.screens.month_desk import Desk, Studio, make_studio


@pytest.fixture
def studio(
    qtbot: QtBot,
    theme: Theme,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Studio:
    monkeypatch.setattr(kept, "data_dir", lambda: tmp_path / "kept")
    return make_studio(qtbot, theme, database, tmp_path)


@dataclass
class Office:
    """An owner in Administration."""

    studio: Studio
    desk: Desk
    view: AdministrationView

    def section(self, key: str) -> Section:
        """In front, by its tab."""
        self.view.tabs.choose(key)
        found = self.view.section(key)
        assert found is not None
        assert self.view.current() is found
        return found

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Pressed where the cursor is."""
        QTest.keyClick(self._hearing(), key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(self._hearing(), text)

    def until(self, holds: Callable[[], bool | None]) -> None:
        self.studio.until(holds)

    def said(self, words: str) -> None:
        """A notice with these words comes."""
        self.until(lambda: any(words in text for text in self.desk.notifier.texts()))

    def undo_in_notice(self) -> QPushButton:
        return self.desk.workspace.findChildren(Toast)[-1].undo_button

    def _hearing(self) -> QWidget:
        window = self.desk.workspace.window()
        if not window.isActiveWindow():
            window.activateWindow()
            assert QTest.qWaitForWindowActive(window)
        return QApplication.focusWidget() or self.view


@contextmanager
def office(studio: Studio, closing_server: ClosingServer | None = None) -> Iterator[Office]:
    """closing_server: None at a studio of this computer only."""
    with studio.desk("owner", closing_server=closing_server) as desk:
        view = desk.workspace.show_screen("administration")
        assert isinstance(view, AdministrationView)
        yield Office(studio, desk, view)
