"""One person at work: runner, change bus and workspace, from signing in to signing out."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.config import Settings
from studio_core.db.listen import Listener
from studio_desktop.preferences import Preferences
from studio_desktop.screens.screen import ClosingServer, ScreenContext, ScreenEntry
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.session import SignedIn
from studio_desktop.tasks.changes import ChangeBus
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme, as_mode
from studio_desktop.widgets.notifier import Notifier


class Desk(QObject):
    """Owns what lives as long as somebody is signed in.

    language_wanted(code), sign_out_wanted: from the person's menu.
    """

    language_wanted = Signal(str)
    sign_out_wanted = Signal()

    def __init__(
        self,
        signed_in: SignedIn,
        theme: Theme,
        notifier: Notifier,
        preferences: Preferences,
        entries: Callable[[], Sequence[ScreenEntry]],
        settings: Settings,
        closing_server: ClosingServer | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme, self._notifier, self._preferences = theme, notifier, preferences
        self._entries, self._studio = entries, signed_in.studio
        self._address = signed_in.database.url
        self.runner = Runner(signed_in.database, self)
        self.changes = ChangeBus(self._listen, self)
        self.runner.refused.connect(notifier.error)
        self.runner.failed.connect(notifier.bug)
        self.runner.unavailable.connect(self.changes.check)
        self.context = ScreenContext(
            runner=self.runner,
            changes=self.changes,
            notifier=notifier,
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
        workspace.sign_out_wanted.connect(self.sign_out_wanted)
        workspace.unsaved_kept.connect(self._on_unsaved_kept)
        workspace.rail.folded_changed.connect(self._on_folded)
        workspace.rail.set_folded(self._preferences.rail_folded)
        self._on_folded(self._preferences.rail_folded)
        if workspace.keys:
            workspace.show_screen(key if key in workspace.keys else workspace.keys[0])
        return workspace

    def start(self) -> None:
        self.changes.start()

    def close(self) -> None:
        self.changes.close()
        self.runner.close()

    def _listen(self) -> Listener:
        return Listener(self._address, application_name="studio-desktop listener")

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
