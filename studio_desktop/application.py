"""From the start to the workspace: choose a place, sign in, work, sign out."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from sqlalchemy import URL

from studio_core.config import Settings
from studio_core.db.engine import normalise_url
from studio_core.errors import RuleError
from studio_desktop.desk import Desk
from studio_desktop.firststart.controller import FirstStartController
from studio_desktop.firststart.view import FirstStartPage
from studio_desktop.languages import Languages
from studio_desktop.lock.idle import IdleWatch
from studio_desktop.lock.lock import Lock, Waiting
from studio_desktop.places import Place
from studio_desktop.preferences import Preferences
from studio_desktop.screens.screen import ClosingServer, ScreenEntry
from studio_desktop.sentences import sentence_of
from studio_desktop.shell.window import Window
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.entrance import Entrance
from studio_desktop.signin.google.door import GoogleDoor
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.signin.local import OpenedPlace, open_place
from studio_desktop.signin.password_page import PasswordPage
from studio_desktop.signin.session import SignedIn, sign_in
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.slow_queries import SlowQueries
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier


class Application(QObject):
    """Decides which page the window shows.

    page_shown(name): "first start", "sign in", "workspace" or "lock".
    opening_failed(StudioError): the studio that was to be opened without asking.
    idle: nothing is under way outside of the desk.
    """

    page_shown = Signal(str)
    opening_failed = Signal(object)
    idle = Signal()
    _opening_progressed = Signal(str, int, int)

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
        google: GoogleDoor | None = None,
    ) -> None:
        """slow_queries: None where nobody listens to them. google: None where it is not set up."""
        super().__init__(window)
        self.window, self.theme, self.languages = window, theme, languages
        self.notifier = notifier
        self._preferences, self._entries = preferences, entries
        self._settings, self.google = settings, google
        self._slow_queries = slow_queries
        self._workers = Workers(2, self)
        self._workers.failed.connect(notifier.bug)
        if google is not None:
            google.workers.failed.connect(notifier.bug)
        self._entrance = Entrance(window, theme, preferences, self._workers, google, self)
        self._entrance.signed_in.connect(self._on_signed_in)
        self._entrance.left.connect(self._on_left_entrance)
        self._entrance.abandoned.connect(self._on_sign_out)
        self._entrance.password_changed.connect(self._on_password_changed)
        self._workers.idle.connect(self.idle)
        self._lock_after_ms = 0
        self._address: URL | None = None
        self._opened: OpenedPlace | None = None
        self.desk: Desk | None = None
        self.lock = Lock(window, theme, self._workers, self)
        self.lock.unlocked.connect(self._on_unlocked)
        self.lock.somebody_else.connect(self._on_somebody_else)
        self.idle_watch = IdleWatch(self)
        self.idle_watch.idle.connect(self.lock_desk)
        window.closing.connect(self.close)
        self._opening_progressed.connect(self._on_opening_progressed)

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
        controller = FirstStartController(page, self._workers, self._settings.backup_dir)
        controller.chosen.connect(self._on_place_chosen)
        controller.opened.connect(self._on_opened)
        self.window.show_page(page)
        self.page_shown.emit("first start")
        return page

    def show_sign_in(self, *, resume: bool = True) -> SignInPage:
        """resume: let the person of last time in without asking, where the keyring allows."""
        page = self._entrance.show(
            self._place_address(),
            with_google=self._opened is None,
            resume=resume,
            behind_lock=bool(self.lock.desks),
        )
        self.page_shown.emit("sign in")
        return page

    @Slot()
    def show_sign_in_again(self) -> None:
        """Over the workspace, whose person's sign-in has ended or is about to."""
        if self.desk is not None and not isinstance(self.window.page(), SignInPage):
            self._entrance.show_again(
                self._place_address(), self.desk.context.person, with_google=self._opened is None
            )

    @Slot()
    def show_password_change(self) -> PasswordPage:
        """Over the workspace, from the person's menu."""
        assert self.desk is not None, "somebody is signed in"
        return self._entrance.show_password_change(
            self.desk.context.person, self.desk.database, self.desk.credential
        )

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
        work = partial(
            open_place, place, self._settings.backup_dir, report=self._opening_progressed.emit
        )
        self._workers.start(work, self._on_opened, self._on_not_opened)

    @Slot(str, int, int)
    def _on_opening_progressed(self, stage: str, done: int, total: int) -> None:
        page = self.window.page()
        if isinstance(page, FirstStartPage):
            page.show_stage(stage, done, total)

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
        desk = self._desk_of(signed_in.person.id)
        if desk is not None:
            self._go_on(desk, signed_in)
            return
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
            self.google,
            self,
        )
        self.desk.language_wanted.connect(self.use_language)
        self.desk.password_wanted.connect(self.show_password_change)
        self.desk.sign_out_wanted.connect(self._on_sign_out)
        self.desk.sign_in_wanted.connect(self.show_sign_in_again)
        self.desk.lock_wanted.connect(self.lock_desk)
        self.desk.start()
        self._lock_after_ms = signed_in.lock_after_min * 60_000
        self._watch_for_idleness()
        if self._opened is not None and self._opened.backs_up:
            self.desk.keep_backups(self._opened.url)
        if self._slow_queries is not None:
            self._slow_queries.follow(signed_in.database, self.desk.changes)
        self.show_workspace()
        if signed_in.google is not None and not signed_in.google.login.kept:
            self.notifier.info(
                self.tr(
                    "This computer has no keyring for your sign-in: "
                    "you will be asked again at the next start."
                )
            )

    def _desk_of(self, user_id: int) -> Desk | None:
        """The one in front; else that of this person behind the lock, in front from now on."""
        if self.desk is None:
            self.lock.bring_back(user_id)
        return self.desk

    def _go_on(self, desk: Desk, signed_in: SignedIn) -> None:
        """Signed in again over the workspace."""
        person = desk.context.person
        if signed_in.person.id == person.id:
            desk.go_on(signed_in)
            self.window.uncover()
            return
        signed_in.database.close()
        self._end_at_google(signed_in.google)
        self._entrance.remember(person, with_google=desk.watch.session is not None)
        page = self.window.page()
        if isinstance(page, SignInPage):
            page.show_error(RuleError("somebody_elses_desk", name=person.name))

    @Slot()
    def _on_password_changed(self) -> None:
        self.notifier.info(self.tr("Your password is changed."))

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

    # The lock

    @property
    def locks(self) -> bool:
        """Not the demo, whose owner signs in without a password that anybody knows."""
        return self._opened is None or self._opened.password is None

    @Slot()
    def lock_desk(self) -> None:
        """The desk in front, with whatever is open on it."""
        desk = self.desk
        if desk is None or self.lock.is_locked():
            return
        if not self.locks:
            self.notifier.info(self.tr("The demo does not lock: it signs in by itself."))
            return
        self.idle_watch.set_wait(0)
        desk.set_in_front(False)
        self.desk = None
        person = desk.context.person
        self.lock.lock(Waiting(person.id, desk, desk.check_of_secret(), desk.described))
        self.page_shown.emit("lock")

    @Slot(object)
    def _on_unlocked(self, desk: Any) -> None:
        self.desk = desk
        desk.set_in_front(True)
        if self._slow_queries is not None:
            self._slow_queries.follow(desk.database, desk.changes)
        self._watch_for_idleness()
        self.page_shown.emit("workspace")
        if desk.watch.is_over:
            self.show_sign_in_again()

    @Slot()
    def _on_somebody_else(self) -> None:
        self.show_sign_in(resume=False)

    @Slot()
    def _on_left_entrance(self) -> None:
        if self.lock.desks:
            self.lock.show_page()
        else:
            self.show_first_start()

    def _watch_for_idleness(self) -> None:
        self.idle_watch.set_wait(self._lock_after_ms if self.locks else 0)

    @Slot()
    def _on_sign_out(self) -> None:
        session = self.desk.watch.session if self.desk is not None else None
        self._close_desk()
        self._end_at_google(session)
        if self.lock.desks:
            self.lock.show_page()
        else:
            self.show_sign_in(resume=False)

    def _end_at_google(self, session: GoogleSession | None) -> None:
        if session is not None and self.google is not None:
            self.google.sign_out(session, self._on_signed_out)

    @Slot(object)
    def _on_signed_out(self, problem: Any) -> None:
        if problem is not None:
            words = self.tr("You are signed out on this computer. {problem}")
            self.notifier.info(words.replace("{problem}", sentence_of(problem)))

    def _place_address(self) -> URL:
        assert self._address is not None, "a place is chosen before anybody signs in"
        return self._address

    def _close_desk(self) -> None:
        self.idle_watch.set_wait(0)
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
        for desk in self.lock.desks:
            self.lock.forget(desk)
            desk.close()
        self._entrance.close()
        self._workers.close()
        if self.google is not None:
            self.google.close()
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
