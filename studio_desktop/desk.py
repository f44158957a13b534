"""One person at work: runner, change bus and workspace, from signing in to signing out."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from sqlalchemy import URL

from studio_core.config import Settings
from studio_core.db.listen import Listener
from studio_core.people.pins import has_own_pin
from studio_desktop.labels import access_label
from studio_desktop.lock.lock import Check
from studio_desktop.lock.personal_notices import PersonalNotifier
from studio_desktop.lock.pin_dialog import PinDialog
from studio_desktop.lock.unlocking import check_password, check_pin
from studio_desktop.lock.view import Locked
from studio_desktop.own_backups import OwnBackups
from studio_desktop.preferences import Preferences
from studio_desktop.screens.screen import ClosingServer, ScreenContext, ScreenEntry
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.google.door import GoogleDoor
from studio_desktop.signin.session import SignedIn
from studio_desktop.signin.watch import SignInWatch
from studio_desktop.tasks.changes import ChangeBus
from studio_desktop.tasks.lifetime import exists
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme, as_mode
from studio_desktop.widgets.notifier import Notifier


class Desk(QObject):
    """Owns what lives as long as somebody is signed in.

    language_wanted(code), password_wanted, lock_wanted, sign_out_wanted: from the person's menu.
    sign_in_wanted: their sign-in has ended, or is about to.
    """

    language_wanted = Signal(str)
    password_wanted = Signal()
    lock_wanted = Signal()
    sign_out_wanted = Signal()
    sign_in_wanted = Signal()

    def __init__(
        self,
        signed_in: SignedIn,
        theme: Theme,
        notifier: Notifier,
        preferences: Preferences,
        entries: Callable[[], Sequence[ScreenEntry]],
        settings: Settings,
        closing_server: ClosingServer | None,
        google: GoogleDoor | None,
        parent: QObject,
    ) -> None:
        """google: how a sign-in with Google is renewed."""
        super().__init__(parent)
        self._theme, self._preferences = theme, preferences
        self._notifier = PersonalNotifier(notifier, theme, self)
        self._entries, self._studio = entries, signed_in.studio
        self.database, self.credential = signed_in.database, signed_in.credential
        self._workspace: Workspace | None = None
        self._has_pin = False
        self.backups: OwnBackups | None = None
        self.runner = Runner(signed_in.database, self)
        self.changes = ChangeBus(self._listen, self)
        self.runner.refused.connect(self._notifier.error)
        self.runner.failed.connect(self._notifier.bug)
        self.runner.unavailable.connect(self.changes.check)
        self.watch = SignInWatch(signed_in, google, self.runner, self.changes, self)
        self.watch.ended.connect(self.sign_in_wanted)
        self.watch.ending.connect(self._on_ending)
        self.context = ScreenContext(
            runner=self.runner,
            changes=self.changes,
            notifier=self._notifier,
            person=signed_in.person,
            theme=theme,
            zone=signed_in.zone,
            settings=settings,
            closing_server=closing_server,
        )

    def workspace(self, language: str, key: str | None = None) -> Workspace:
        """A new workspace in the language in force, open at a screen or at the first one."""
        workspace = Workspace(self.context, self._entries(), self._studio, language)
        workspace.theme_wanted.connect(self._on_theme_wanted)
        workspace.language_wanted.connect(self.language_wanted)
        workspace.password_wanted.connect(self.password_wanted)
        workspace.lock_wanted.connect(self.lock_wanted)
        workspace.pin_wanted.connect(self._on_pin_wanted)
        workspace.sign_out_wanted.connect(self.sign_out_wanted)
        workspace.sign_in_wanted.connect(self.sign_in_wanted)
        workspace.offer_own_secret(password=self.watch.session is None)
        workspace.unsaved_kept.connect(self._on_unsaved_kept)
        workspace.rail.folded_changed.connect(self._on_folded)
        workspace.rail.set_folded(self._preferences.rail_folded)
        self._on_folded(self._preferences.rail_folded)
        if workspace.keys:
            workspace.show_screen(key if key in workspace.keys else workspace.keys[0])
        self._workspace = workspace
        self._on_ending(self.watch.ends_at)
        return workspace

    def start(self) -> None:
        self.changes.start()
        if self.watch.session is not None:
            self.runner.ask(self, "pin", has_own_pin, self._on_pin_known, self._on_pin_unknown)

    def go_on(self, signed_in: SignedIn) -> None:
        """The same person signed in again: everything that is open goes on with it."""
        self.watch.take_over(signed_in)
        if self._workspace is not None and exists(self._workspace):
            self._workspace.offer_own_secret(password=self.watch.session is None)

    # Behind the lock

    def set_in_front(self, in_front: bool) -> None:
        """Whether its person is at the window, rather than behind the lock."""
        self._notifier.set_in_front(in_front)

    def check_of_secret(self) -> Check | None:
        """What opens this desk once it is locked; None where only signing in anew does."""
        if self.watch.session is None:
            return partial(check_password, self.database, self.credential)
        return partial(check_pin, self.database) if self._has_pin else None

    def described(self) -> Locked:
        """For the page over it."""
        person = self.context.person
        secret = self.tr("Password") if self.watch.session is None else self.tr("PIN")
        workspace = self._workspace
        return Locked(
            user_id=person.id,
            name=person.name,
            access=access_label(person.access),
            secret=secret if self.check_of_secret() is not None else "",
            unsaved=workspace is not None and exists(workspace) and workspace.has_unsaved(),
        )

    def keep_backups(self, url: URL) -> None:
        """On a studio of this computer only, which no server looks after. url: the superuser's."""
        self.backups = OwnBackups(self.runner, self._notifier, url, self.context.settings, self)
        self.backups.start()

    def close(self) -> None:
        if self.backups is not None:
            self.backups.stop()
        self.watch.stop()
        self.changes.close()
        self.runner.close()

    def _listen(self) -> Listener:
        return Listener(self.database.url, application_name="studio-desktop listener")

    @Slot(object)
    def _on_pin_known(self, has_pin: Any) -> None:
        self._has_pin = bool(has_pin)

    @Slot(object)
    def _on_pin_unknown(self, error: Any) -> None:
        """Missed too often just now, there is one; else signing in anew opens the desk."""
        self._has_pin = error.code == "pin_wait"

    @Slot()
    def _on_pin_wanted(self) -> None:
        if self._workspace is not None:
            dialog = PinDialog(self._theme, self.runner, self._workspace)
            dialog.chosen.connect(self._on_pin_chosen)
            dialog.open()

    @Slot()
    def _on_pin_chosen(self) -> None:
        self._has_pin = True
        self._notifier.info(self.tr("Your PIN opens your locked desk from now on."))

    @Slot(object)
    def _on_ending(self, at: Any) -> None:
        """at: when the sign-in ends, since it could not be renewed; None while all is well."""
        if self._workspace is not None and exists(self._workspace):
            zone = self.context.zone
            self._workspace.say_sign_in_ends(at.astimezone(zone) if at is not None else None)

    @Slot(str)
    def _on_theme_wanted(self, mode: str) -> None:
        self._preferences.theme = as_mode(mode)
        self._theme.set_mode(as_mode(mode))

    @Slot(bool)
    def _on_folded(self, folded: bool) -> None:
        self._preferences.rail_folded = folded
        tokens = self._theme.tokens
        self._notifier.set_left((tokens.rail_collapsed if folded else tokens.rail_width) + 24)

    @Slot()
    def _on_unsaved_kept(self) -> None:
        self._notifier.info(self.tr("A form is still open. Save or close it first."))
