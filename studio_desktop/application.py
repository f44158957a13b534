"""From the start to the workspace: choose a place, sign in, work, sign out."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from sqlalchemy import URL

from studio_core.config import Settings
from studio_core.db.engine import normalise_url
from studio_desktop.desk import Desk
from studio_desktop.firststart.controller import FirstStartController
from studio_desktop.firststart.view import FirstStartPage
from studio_desktop.languages import Languages
from studio_desktop.places import Place
from studio_desktop.preferences import Preferences
from studio_desktop.screens.screen import ClosingServer, ScreenEntry
from studio_desktop.shell.window import Window
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.controller import SignInController
from studio_desktop.signin.local import OpenedPlace, open_place
from studio_desktop.signin.session import sign_in
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.slow_queries import SlowQueries
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier


class Application(QObject):
    """Decides which page the window shows.

    page_shown(name): "first start", "sign in" or "workspace".
    opening_failed(StudioError): the studio that was to be opened without asking.
    idle: nothing is under way outside of the desk.
    """

    page_shown = Signal(str)
    opening_failed = Signal(object)
    idle = Signal()

    def __init__(
        self,
        window: Window,
        theme: Theme,
        languages: Languages,
        preferences: Preferences,
        notifier: Notifier,
        entries: Callable[[], Sequence[ScreenEntry]],
        settings: Settings,
        slow_queries: SlowQueries | None = None,
    ) -> None:
        """slow_queries: None where nobody listens to them."""
        super().__init__(window)
        self.window, self.theme, self.languages = window, theme, languages
        self.notifier = notifier
        self._preferences, self._entries = preferences, entries
        self._settings = settings
        self._slow_queries = slow_queries
        self._workers = Workers(2, self)
        self._workers.failed.connect(notifier.bug)
        self._workers.idle.connect(self.idle)
        self._address: URL | None = None
        self._opened: OpenedPlace | None = None
        self.desk: Desk | None = None
        window.closing.connect(self.close)

    @property
    def pending(self) -> int:
        """Pieces of work under way outside of the desk: opening, probing, signing in."""
        return self._workers.pending

    # Pages

    def start(self, place: Place | None) -> None:
        """Go as far as possible without asking."""
        if place is None:
            self.show_first_start()
        elif place.kind == "server" and place.database_url is not None:
            self._address = normalise_url(place.database_url)
            self.show_sign_in()
        else:
            page = self.show_first_start()
            page.set_busy(self.tr("Opening the studio"))
            self._open(place)

    @Slot()
    def show_first_start(self) -> FirstStartPage:
        page = FirstStartPage(self.theme)
        controller = FirstStartController(page, self._workers)
        controller.chosen.connect(self._on_place_chosen)
        controller.opened.connect(self._on_opened)
        self.window.show_page(page)
        self.page_shown.emit("first start")
        return page

    @Slot()
    def show_sign_in(self) -> SignInPage:
        assert self._address is not None, "a place is chosen before anybody signs in"
        page = SignInPage(self.theme, self._preferences.last_email)
        controller = SignInController(page, self._address, self._workers, self._preferences)
        controller.signed_in.connect(self._on_signed_in)
        page.place_wanted.connect(self.show_first_start)
        self.window.show_page(page)
        controller.start()
        self.page_shown.emit("sign in")
        return page

    def show_workspace(self, key: str | None = None) -> Workspace:
        assert self.desk is not None, "somebody is signed in"
        workspace = self.desk.workspace(self.languages.code, key)
        self.window.show_page(workspace)
        self.page_shown.emit("workspace")
        return workspace

    # Steps

    @Slot(object)
    def _on_place_chosen(self, place: Any) -> None:
        self._leave_place()
        self._address = normalise_url(place.database_url)
        self.show_sign_in()

    def _open(self, place: Place) -> None:
        self._workers.start(partial(open_place, place), self._on_opened, self._on_not_opened)

    @Slot(object)
    def _on_opened(self, opened: Any) -> None:
        """opened: an OpenedPlace. The demo signs its owner in; a studio of one's own asks."""
        self._leave_place()
        self._opened = opened
        self._address = normalise_url(opened.url)
        if opened.password is None:
            self.show_sign_in()
            return
        self._workers.start(
            partial(sign_in, self._address, opened.email, opened.password),
            self._on_signed_in,
            self._on_not_opened,
        )

    @Slot(object)
    def _on_not_opened(self, error: Any) -> None:
        page = self.window.page()
        if not isinstance(page, FirstStartPage):
            page = self.show_first_start()
        page.show_error(error)
        self.opening_failed.emit(error)

    @Slot(object)
    def _on_signed_in(self, signed_in: Any) -> None:
        settings = self._settings
        if self._opened is not None and self._opened.backup_dir is not None:
            settings = settings.model_copy(update={"backup_dir": self._opened.backup_dir})
        self.desk = Desk(
            signed_in,
            self.theme,
            self.notifier,
            self._preferences,
            self._entries,
            settings,
            # A studio on this computer has no server but its desks.
            ClosingServer() if self._opened is None else None,
            self,
        )
        self.desk.language_wanted.connect(self.use_language)
        self.desk.sign_out_wanted.connect(self._on_sign_out)
        self.desk.start()
        if self._slow_queries is not None:
            self._slow_queries.follow(signed_in.database, self.desk.changes)
        self.show_workspace()

    @Slot(str)
    def use_language(self, code: str) -> None:
        """Speak another language; the page shown is built anew."""
        self._preferences.language = code
        self.languages.use(code)
        page = self.window.page()
        if isinstance(page, Workspace):
            self.show_workspace(page.current_key())
        elif isinstance(page, SignInPage):
            self.show_sign_in()
        else:
            self.show_first_start()

    @Slot()
    def _on_sign_out(self) -> None:
        self._close_desk()
        self.show_sign_in()

    def _close_desk(self) -> None:
        if self.desk is not None:
            if self._slow_queries is not None:
                self._slow_queries.leave()
            self.desk.close()
            self.desk.deleteLater()
            self.desk = None

    @Slot()
    def close(self) -> None:
        """Let go of everything; the window is about to go."""
        self._preferences.geometry = self.window.saveGeometry()
        self._close_desk()
        self._workers.close()
        if self._slow_queries is not None:
            self._slow_queries.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _leave_place(self) -> None:
        """Another one was chosen: a studio on this computer gives its server back."""
        if self._opened is not None:
            self._workers.start(self._opened.close, self._on_left)
            self._opened = None

    @Slot(object)
    def _on_left(self, _answer: Any) -> None:
        """Nobody waits for it."""
