"""Signs a person in, off the UI thread, and tells how the server is meanwhile."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from sqlalchemy import URL

from studio_desktop.preferences import Preferences
from studio_desktop.signin.google.attempt import Attempt
from studio_desktop.signin.google.door import GoogleDoor
from studio_desktop.signin.probe import probe, server_name
from studio_desktop.signin.session import sign_in
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.worker import Workers


class SignInController(QObject):
    """signed_in(SignedIn): the database is open and is now the receiver's to close.

    google: None where it is not offered.
    """

    signed_in = Signal(object)

    def __init__(
        self,
        page: SignInPage,
        address: URL,
        workers: Workers,
        preferences: Preferences,
        google: GoogleDoor | None = None,
    ) -> None:
        super().__init__(page)
        self._page, self._address, self._workers = page, address, workers
        self._preferences, self._google = preferences, google
        self._attempt: Attempt | None = None
        page.wanted.connect(self._on_wanted)
        page.google_wanted.connect(self._on_google_wanted)
        page.waiting.cancelled.connect(self._on_cancelled)
        page.waiting.browser_wanted.connect(self._on_browser_wanted)

    def start(self, *, resume: bool = True) -> None:
        """resume: go on with what the keyring holds for whoever was here last, without asking."""
        self._page.light.show_words(self.tr("Looking for the server…"), "text_3")
        self._workers.start(
            partial(probe, self._address), self._on_found, self._on_missing, topic="probe"
        )
        with_google = self._preferences.signs_in_with_google
        self._page.start(with_google=with_google)
        if self._google is None:
            return
        self._google.ask_whether_kept(self._on_kept_known)
        if resume and with_google and self._preferences.last_email:
            self._page.show_preparing(self.tr("Signing you in as you were."))
            self._begin(self._google).resume(self._address, self._preferences.last_email)

    @Slot(str, str)
    def _on_wanted(self, email: str, password: str) -> None:
        self._workers.start(
            partial(sign_in, self._address, email, password), self._on_signed_in, self._on_refused
        )

    @Slot()
    def _on_google_wanted(self) -> None:
        if self._google is not None:
            self._page.show_preparing(self.tr("Asking the studio's server."))
            attempt = self._begin(self._google)
            self._google.send_to_google(attempt, self._address, self._page.email.value())

    def _begin(self, google: GoogleDoor) -> Attempt:
        attempt = google.attempt()
        attempt.page_shown.connect(self._on_google_page)
        attempt.signed_in.connect(self._on_signed_in)
        attempt.nothing_kept.connect(self._on_nothing_kept)
        attempt.refused.connect(self._on_refused)
        self.destroyed.connect(attempt.cancel)
        self._attempt = attempt
        return attempt

    @Slot(str, bool)
    def _on_google_page(self, page_address: str, opened: bool) -> None:
        self._page.show_google_page(page_address, opened=opened)

    @Slot()
    def _on_browser_wanted(self) -> None:
        if self._attempt is not None:
            self._attempt.open_browser()

    @Slot()
    def _on_cancelled(self) -> None:
        if self._attempt is not None:
            self._attempt.cancel()
            self._attempt = None
        self._back_to_form()

    @Slot()
    def _on_nothing_kept(self) -> None:
        self._attempt = None
        self._back_to_form()

    def _back_to_form(self) -> None:
        self._page.show_form()
        self._page.start(with_google=True)

    @Slot(object)
    def _on_signed_in(self, signed_in: Any) -> None:
        self._attempt = None
        self._preferences.last_email = signed_in.person.email
        self._preferences.signs_in_with_google = signed_in.google is not None
        self.signed_in.emit(signed_in)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._attempt = None
        self._page.show_error(error)

    @Slot(object)
    def _on_kept_known(self, kept: Any) -> None:
        if not kept:
            self._page.say_not_kept()

    @Slot(object)
    def _on_found(self, host: Any) -> None:
        words = self.tr("Connected to {host}").replace("{host}", str(host))
        self._page.light.show_words(words, "success")

    @Slot(object)
    def _on_missing(self, _error: Any) -> None:
        host = server_name(self._address)
        words = self.tr("No answer from {host}").replace("{host}", host)
        self._page.light.show_words(words, "danger")
