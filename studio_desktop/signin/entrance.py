"""Everything between a chosen studio and somebody who may work in it, page by page."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from sqlalchemy import URL

from studio_desktop.preferences import Preferences
from studio_desktop.shell.window import Window
from studio_desktop.signin.controller import SignInController
from studio_desktop.signin.google.door import GoogleDoor
from studio_desktop.signin.password_controller import PasswordController
from studio_desktop.signin.password_page import PasswordPage
from studio_desktop.signin.session import SignedIn
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme

if TYPE_CHECKING:
    from studio_core.people.queries import Person


class Entrance(QObject):
    """signed_in(SignedIn): somebody who may work now; theirs is the receiver's to close.

    left: from the page to another studio. abandoned: somebody signs out instead.
    """

    signed_in = Signal(object)
    left = Signal()
    abandoned = Signal()

    def __init__(
        self,
        window: Window,
        theme: Theme,
        preferences: Preferences,
        workers: Workers,
        google: GoogleDoor | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._theme, self._preferences = window, theme, preferences
        self._workers, self._google = workers, google
        self._waiting: SignedIn | None = None

    def show(
        self, address: URL, *, with_google: bool, resume: bool, behind_lock: bool = False
    ) -> SignInPage:
        """with_google: where the studio's server is another computer's. resume: without asking.
        behind_lock: desks of others wait."""
        google = self._google if with_google else None
        email = "" if behind_lock else self._preferences.last_email
        page = SignInPage(self._theme, email, google=google is not None, behind_lock=behind_lock)
        controller = self._control(page, address, google)
        page.left.connect(self.left)
        self._window.show_page(page)
        controller.start(resume=resume)
        return page

    def show_again(self, address: URL, person: "Person", *, with_google: bool) -> SignInPage:
        """Over the page of somebody whose sign-in has ended."""
        google = self._google if with_google else None
        page = SignInPage(self._theme, person.email, google=google is not None, again=True)
        controller = self._control(page, address, google)
        page.left.connect(self.abandoned)
        self._window.cover(page)
        controller.start(resume=False)
        return page

    def close(self) -> None:
        """Of somebody who was asked for a password of their own and did not choose one."""
        if self._waiting is not None:
            self._waiting.database.close()
            self._waiting = None

    def _control(
        self, page: SignInPage, address: URL, google: GoogleDoor | None
    ) -> SignInController:
        self.close()
        controller = SignInController(page, address, self._workers, self._preferences, google)
        controller.signed_in.connect(self._on_signed_in)
        return controller

    @Slot(object)
    def _on_signed_in(self, signed_in: Any) -> None:
        if signed_in.google is not None:
            # The person is looking at the browser.
            self._window.raise_()
            self._window.activateWindow()
        if not signed_in.person.must_change_password:
            self.signed_in.emit(signed_in)
            return
        self._waiting = signed_in
        page = PasswordPage(self._theme, signed_in.person, one_time=True)
        controller = PasswordController(
            page, self._workers, signed_in.database, signed_in.credential
        )
        controller.changed.connect(self._on_changed)
        page.left.connect(self._on_not_changed)
        if self._window.is_covered():
            self._window.uncover()
            self._window.cover(page)
        else:
            self._window.show_page(page)
        page.start()

    @Slot()
    def _on_changed(self) -> None:
        signed_in, self._waiting = self._waiting, None
        self.signed_in.emit(signed_in)

    @Slot()
    def _on_not_changed(self) -> None:
        self.close()
        self.abandoned.emit()
