"""Signs a person in, off the UI thread, and tells how the server is meanwhile."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from sqlalchemy import URL

from studio_desktop.preferences import Preferences
from studio_desktop.signin.probe import probe, server_name
from studio_desktop.signin.session import sign_in
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.worker import Workers


class SignInController(QObject):
    """signed_in(SignedIn): the database is open and is now the receiver's to close."""

    signed_in = Signal(object)

    def __init__(
        self, page: SignInPage, address: URL, workers: Workers, preferences: Preferences
    ) -> None:
        super().__init__(page)
        self._page, self._address, self._workers = page, address, workers
        self._preferences = preferences
        page.wanted.connect(self._on_wanted)

    def start(self) -> None:
        self._page.light.show_words(self.tr("Looking for the server…"), "text_3")
        self._workers.start(
            partial(probe, self._address), self._on_found, self._on_missing, topic="probe"
        )
        self._page.start()

    @Slot(str, str)
    def _on_wanted(self, email: str, password: str) -> None:
        self._preferences.last_email = email
        self._workers.start(
            partial(sign_in, self._address, email, password), self._on_signed_in, self._on_refused
        )

    @Slot(object)
    def _on_signed_in(self, signed_in: Any) -> None:
        self.signed_in.emit(signed_in)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._page.show_error(error)

    @Slot(object)
    def _on_found(self, host: Any) -> None:
        words = self.tr("Connected to {host}").replace("{host}", str(host))
        self._page.light.show_words(words, "success")

    @Slot(object)
    def _on_missing(self, _error: Any) -> None:
        host = server_name(self._address)
        words = self.tr("No answer from {host}").replace("{host}", host)
        self._page.light.show_words(words, "danger")
