"""At the screens Payments and Expenses: a person types, by real key events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from studio_core.months import today
from studio_desktop.entries.screen import EntriesScreen
from studio_desktop.widgets.dialog import ConfirmDialog
from studio_desktop.widgets.notifier import Notifier, Toast
from studio_desktop.widgets.pickers import Picker
from tests.desktop.screens.month_desk import Studio
from tests.desktop.screens.wire import Wire

ZONE = ZoneInfo("America/Sao_Paulo")
CTRL = Qt.KeyboardModifier.ControlModifier


def day() -> date:
    return today(ZONE)


@dataclass
class EntryDesk:
    """One person at one of the two screens."""

    studio: Studio
    screen: EntriesScreen
    notifier: Notifier

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press it where the cursor is; a list that is open hears it first."""
        QTest.keyClick(self._hearing(), key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(self._hearing(), text)

    def type_into(self, field: QWidget, text: str) -> None:
        field.setFocus()
        self.type(text)

    def choose(self, picker: Picker, text: str) -> None:
        """Type a part of the name, and go on."""
        self.type_into(picker, text)
        self.key(Qt.Key.Key_Tab)
        assert picker.value() is not None

    def _hearing(self) -> QWidget:
        """What a key goes to now."""
        popup, window = QApplication.activePopupWidget(), self.screen.window()
        if popup is not None:
            return popup
        if QApplication.activeModalWidget() is None and not window.isActiveWindow():
            # The offscreen platform leaves a list active that is closed already.
            window.activateWindow()
            assert QTest.qWaitForWindowActive(window)
        return QApplication.focusWidget() or self.screen

    def until(self, holds: Callable[[], bool | None]) -> None:
        self.studio.until(holds)

    def said(self, words: str) -> None:
        """A notice with these words comes."""
        self.until(lambda: any(words in text for text in self.notifier.texts()))

    def undo_in_notice(self) -> QPushButton:
        toasts = self.screen.window().findChildren(Toast)
        return toasts[-1].undo_button

    def dialog(self) -> ConfirmDialog:
        found = self.screen.findChildren(ConfirmDialog)
        return found[-1]


@contextmanager
def entry_desk(studio: Studio, key: str, access: str = "reception") -> Iterator[EntryDesk]:
    with studio.desk(access) as desk:
        screen = desk.workspace.show_screen(key)
        assert isinstance(screen, EntriesScreen)
        yield EntryDesk(studio, screen, desk.notifier)


@contextmanager
def over_a_wire(studio: Studio) -> Iterator[tuple[Studio, Wire]]:
    """The same studio, reached over a wire that can be cut."""
    address = studio.address
    assert address.host is not None
    assert address.port is not None
    with Wire(address.host, address.port) as wire:
        yield replace(studio, address=address.set(host="127.0.0.1", port=wire.port)), wire
