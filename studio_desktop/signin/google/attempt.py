"""Signing in with Google, seen from the UI thread: one try at a time for one page."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from sqlalchemy import URL

from studio_desktop.signin.google.answer_page import AnswerPages
from studio_desktop.signin.google.login import WAIT_S, GoogleSignIn, Visit
from studio_desktop.tasks.worker import Workers


class Attempt(QObject):
    """One try. It outlives the page that began it, and is gone once its worker has come home.

    page_shown(address, opened): Google's page, and whether the browser has it.
    signed_in(SignedIn), nothing_kept, refused(StudioError): how it ended; never after cancel().
    """

    page_shown = Signal(str, bool)
    signed_in = Signal(object)
    nothing_kept = Signal()
    refused = Signal(object)
    _shown = Signal(str)

    def __init__(self, google: GoogleSignIn, workers: Workers) -> None:
        super().__init__(workers)
        self._google, self._workers = google, workers
        self._cancelled = threading.Event()
        self._through_browser = False
        self._page_address = ""
        self._shown.connect(self._on_shown, Qt.ConnectionType.QueuedConnection)

    def sign_in(
        self, address: URL, pages: AnswerPages, hint: str = "", wait_s: float = WAIT_S
    ) -> None:
        """Through the browser. hint: the e-mail of whoever is expected."""
        self._through_browser = True
        visit = Visit(self._shown.emit, pages, self._cancelled, hint, wait_s)
        self._start(partial(self._google.sign_in, address, visit))

    def resume(self, address: URL, email: str) -> None:
        """With what the keyring holds."""
        self._start(partial(self._google.resume, address, email))

    @Slot()
    def open_browser(self) -> None:
        """Also again, for a page that was closed."""
        opened = QDesktopServices.openUrl(QUrl(self._page_address))
        self.page_shown.emit(self._page_address, opened)

    @Slot()
    def cancel(self) -> None:
        self._cancelled.set()

    def _start(self, work: Callable[[], object]) -> None:
        self._workers.start(work, self._on_signed_in, self._on_refused)

    @Slot(str)
    def _on_shown(self, page_address: str) -> None:
        self._page_address = page_address
        if not self._cancelled.is_set():
            self.open_browser()

    @Slot(object)
    def _on_signed_in(self, signed_in: Any) -> None:
        """signed_in: None where nothing was kept."""
        self.deleteLater()
        if self._cancelled.is_set():
            self._undo(signed_in)
        elif signed_in is None:
            self.nothing_kept.emit()
        else:
            self.signed_in.emit(signed_in)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self.deleteLater()
        if not self._cancelled.is_set():
            self.refused.emit(error)

    def _undo(self, signed_in: Any) -> None:
        """Cancelled in the very moment it succeeded. What was kept before stays so."""
        if signed_in is None:
            return
        signed_in.database.close()
        if self._through_browser:
            self._workers.start(signed_in.google.sign_out, self._on_undone, asker=self._workers)

    @Slot(object)
    def _on_undone(self, _problem: Any) -> None: ...
