"""What a signed-in person sees: rail, top bar, strip, and screens built when asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from studio_desktop.labels import access_label
from studio_desktop.languages import LANGUAGES
from studio_desktop.screens.screen import Screen, ScreenContext, ScreenEntry
from studio_desktop.shell.attention import watch_attention
from studio_desktop.shell.keys import Key, KeysDialog, keys_of
from studio_desktop.shell.rail import Rail
from studio_desktop.shell.top_bar import TopBar
from studio_desktop.tasks.changes import ConnectionState
from studio_desktop.theme.theme import MODES
from studio_desktop.widgets.strip import Strip


class Workspace(QWidget):
    """theme_wanted(mode), language_wanted(code), password_wanted, pin_wanted, lock_wanted,
    sign_out_wanted: from the person's menu, the lock also by Ctrl+L.

    sign_in_wanted: from the strip that says when the sign-in ends. unsaved_kept: something was
    refused because a form holds unsaved words.
    """

    theme_wanted = Signal(str)
    language_wanted = Signal(str)
    password_wanted = Signal()
    pin_wanted = Signal()
    lock_wanted = Signal()
    sign_out_wanted = Signal()
    sign_in_wanted = Signal()
    screen_shown = Signal(str)
    unsaved_kept = Signal()

    def __init__(
        self,
        context: ScreenContext,
        entries: Sequence[ScreenEntry],
        studio: str,
        language: str,
    ) -> None:
        super().__init__()
        self._context = context
        self._language = language
        access = context.person.access
        self._entries = {one.key: one for one in entries if access in one.allowed_access}
        self._screens: dict[str, Screen] = {}
        self._searches: dict[str, str] = {}
        theme = context.theme
        self.rail = Rail(
            theme,
            studio,
            tuple(self._entries.values()),
            self._groups(),
            (context.person.name, access_label(access)),
        )
        watch_attention(self.rail, context, tuple(self._entries.values()))
        self.top_bar = TopBar(theme)
        self.banner = Strip(theme)
        self.sign_in_strip = Strip(theme)
        self._offers_password = False
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._show_state(context.changes.state)

    @property
    def keys(self) -> tuple[str, ...]:
        """Of the screens this person may open, in the order of the rail."""
        return tuple(self._entries)

    def current(self) -> Screen | None:
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Screen) else None

    def current_key(self) -> str | None:
        screen = self.current()
        return screen.key if screen is not None else None

    @Slot(str)
    def show_screen(self, key: str) -> Screen | None:
        """Build it if need be, and show it. None for a screen this person may not open."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if key not in self._screens:
            self._screens[key] = entry.build(self._context)
            self._screens[key].elsewhere_wanted.connect(self._on_elsewhere_wanted)
            self._screens[key].hint_changed.connect(self._show_search)
            self._stack.addWidget(self._screens[key])
        screen = self._screens[key]
        self._stack.setCurrentWidget(screen)
        self.rail.set_current(key)
        self._show_search()
        screen.focus_list()
        self.screen_shown.emit(key)
        return screen

    @Slot(str, object)
    def _on_elsewhere_wanted(self, key: str, subject: object) -> None:
        screen = self.show_screen(key)
        if screen is not None and subject is not None:
            screen.show_subject(subject)

    def has_unsaved(self) -> bool:
        return any(screen.has_unsaved() for screen in self._screens.values())

    # Building

    def _groups(self) -> list[tuple[str, str]]:
        return [
            ("desk", self.tr("FRONT DESK")),
            ("money", self.tr("MONEY")),
            ("studio", self.tr("STUDIO")),
        ]

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top_bar)
        right.addWidget(self.banner)
        right.addWidget(self.sign_in_strip)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_screen)
        self.rail.user_wanted.connect(self._on_user_wanted)
        self.top_bar.searched.connect(self._on_searched)
        self.top_bar.search.left.connect(self._on_search_left)
        self.banner.wanted.connect(self._context.changes.reconnect)
        self.sign_in_strip.wanted.connect(self.sign_in_wanted)
        self._context.changes.state_changed.connect(self._show_state)

    def _add_shortcuts(self) -> None:
        self._add_key("Ctrl+K", self._on_search_key)
        self._add_key("F1", self._on_keys)
        self._add_key("F5", self._on_reload)
        self._add_key("Ctrl+L", self.lock_wanted)
        self._add_key("Esc", self._on_back)
        for position in range(1, min(9, len(self._entries)) + 1):
            shortcut = self._add_key(f"Alt+{position}", self._on_number)
            shortcut.setObjectName(str(position))

    def _add_key(self, key: str, slot: Any) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.activated.connect(slot)
        return shortcut

    # Keys

    @Slot()
    def _on_search_key(self) -> None:
        if self.top_bar.search.isVisible():
            self.top_bar.search.setFocus()
            self.top_bar.search.selectAll()

    @Slot()
    def _on_keys(self) -> None:
        everywhere: list[Key] = [
            ("F1", self.tr("Keys")),
            ("F5", self.tr("Read the list anew")),
            ("Ctrl+K", self.tr("Search")),
            ("Esc", self.tr("Back")),
            ("Ctrl+Enter", self.tr("Save the form")),
            ("Ctrl+L", self.tr("Lock the desk, or let somebody else in")),
        ]
        going: list[Key] = [
            (f"Alt+{position}", entry.title)
            for position, entry in enumerate(list(self._entries.values())[:9], start=1)
        ]
        screen = self.current()
        here = keys_of(screen) if screen is not None else []
        groups = [
            (screen.title() if screen is not None else "", here),
            (self.tr("Everywhere"), everywhere),
            (self.tr("Screens"), going),
        ]
        KeysDialog(self._context.theme, self, groups).open()

    @Slot()
    def _on_reload(self) -> None:
        screen = self.current()
        if screen is not None:
            screen.reload_wanted.emit()

    @Slot()
    def _on_back(self) -> None:
        screen = self.current()
        if screen is not None and not screen.go_back():
            screen.setFocus()

    @Slot()
    def _on_number(self) -> None:
        sender: Any = self.sender()
        self.show_screen(list(self._entries)[int(sender.objectName()) - 1])

    # Search

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        screen = self.current()
        if screen is not None:
            self._searches[screen.key] = text
            screen.search_changed.emit(text)

    @Slot()
    def _show_search(self) -> None:
        """The box as the screen in front wants it, with what was typed there before."""
        screen = self.current()
        if screen is not None:
            self.top_bar.set_hint(screen.search_hint())
            self.top_bar.search.setText(self._searches.get(screen.key, ""))

    @Slot()
    def _on_search_left(self) -> None:
        screen = self.current()
        if screen is not None:
            screen.focus_list()

    # Connection

    @Slot(object)
    def _show_state(self, state: Any) -> None:
        self.top_bar.light.show_state(state)
        if state is ConnectionState.LOST:
            self.banner.say(
                self.tr(
                    "No connection to the studio's server. You can go on typing; "
                    "saving works again as soon as it is back."
                ),
                "danger",
                self.tr("Try now"),
            )
        elif state is ConnectionState.CONNECTED:
            self.banner.hide()

    # The sign-in

    def say_sign_in_ends(self, at: datetime | None) -> None:
        """at: in the studio's zone; None takes the strip away."""
        if at is None:
            self.sign_in_strip.hide()
            return
        words = self.tr("Your sign-in with Google ends at {time} and could not be renewed.")
        time = at.strftime("%H:%M")
        self.sign_in_strip.say(words.replace("{time}", time), "warning", self.tr("Sign in again"))

    def offer_own_secret(self, *, password: bool) -> None:
        """In the person's menu: to change the password of their own, or for those who sign in
        with Google the PIN that opens their locked desk."""
        self._offers_password = password

    # The person's menu

    @Slot(object)
    def _on_user_wanted(self, button: Any) -> None:
        menu = self.user_menu()
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def user_menu(self) -> QMenu:
        theme = self._context.theme
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        themes = menu.addMenu(theme.icon("contrast"), self.tr("Theme"))
        words = {
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "system": self.tr("As the system"),
        }
        self._add_choices(themes, [(mode, words[mode]) for mode in MODES], theme.mode, "theme")
        languages = menu.addMenu(theme.icon("globe"), self.tr("Language"))
        self._add_choices(languages, list(LANGUAGES.items()), self._language, "language")
        menu.addAction(theme.icon("keyboard"), self.tr("Keys")).triggered.connect(self._on_keys)
        menu.addSeparator()
        if self._offers_password:
            change = menu.addAction(theme.icon("shield"), self.tr("Change password"))
            change.triggered.connect(self.password_wanted)
        else:
            pin = menu.addAction(theme.icon("shield"), self.tr("PIN for the locked desk"))
            pin.triggered.connect(self.pin_wanted)
        lock = menu.addAction(theme.icon("lock"), self.tr("Lock or switch person"))
        lock.setShortcut(QKeySequence("Ctrl+L"))
        lock.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # The window's own key acts.
        lock.triggered.connect(self.lock_wanted)
        leave = menu.addAction(theme.icon("sign_out"), self.tr("Sign out"))
        leave.triggered.connect(self._on_sign_out)
        return menu

    def _add_choices(
        self, menu: QMenu, choices: Sequence[tuple[str, str]], current: str, what: str
    ) -> None:
        group = QActionGroup(menu)
        for value, words in choices:
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(value == current)
            action.setObjectName(f"{what} {value}")
            action.triggered.connect(self._on_choice)
            group.addAction(action)
            menu.addAction(action)

    @Slot()
    def _on_choice(self) -> None:
        sender: Any = self.sender()
        what, _, value = sender.objectName().partition(" ")
        if what == "theme":
            self.theme_wanted.emit(value)
        elif self.has_unsaved():
            # Speaking another language builds the screens anew, which would empty a form.
            self.unsaved_kept.emit()
        else:
            self.language_wanted.emit(value)

    @Slot()
    def _on_sign_out(self) -> None:
        if self.has_unsaved():
            self.unsaved_kept.emit()
        else:
            self.sign_out_wanted.emit()
