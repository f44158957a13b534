"""The way in with Google, as the windows see it: tries, renewals, signing out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject
from sqlalchemy import URL

from studio_desktop.languages import Languages
from studio_desktop.signin.google.answer_page import answer_pages
from studio_desktop.signin.google.attempt import Attempt
from studio_desktop.signin.google.login import WAIT_S, GoogleSignIn
from studio_desktop.signin.google.renewal import LOOK_MS, Renewal, utc_now
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme

# Signing in, renewing and signing out may each wait for a server that does not answer.
THREADS = 3


class GoogleDoor(QObject):
    """Owned by the application, since what it begins outlives pages and desks.

    wait_s: how long Google's page may take. look_ms: how often a renewal looks at the clock, which
    is now().
    """

    def __init__(
        self,
        google: GoogleSignIn,
        theme: Theme,
        languages: Languages,
        parent: QObject | None = None,
        *,
        wait_s: float = WAIT_S,
        look_ms: int = LOOK_MS,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._google, self._theme, self._languages = google, theme, languages
        self._wait_s, self._look_ms, self._now = wait_s, look_ms, now
        self._workers = Workers(THREADS, self)

    @property
    def workers(self) -> Workers:
        return self._workers

    def attempt(self) -> Attempt:
        """To be connected, then started."""
        return Attempt(self._google, self._workers)

    def send_to_google(self, attempt: Attempt, address: URL, hint: str) -> None:
        pages = answer_pages(self._theme.tokens, self._languages.code)
        attempt.sign_in(address, pages, hint, self._wait_s)

    def renewal(self, session: GoogleSession, parent: QObject) -> Renewal:
        return Renewal(session, self._workers, parent, now=self._now, look_ms=self._look_ms)

    def sign_out(self, session: GoogleSession, done: Callable[[Any], object]) -> None:
        """done(StudioError or None): what could not be told to somebody."""
        self._workers.start(session.sign_out, done)

    def ask_whether_kept(self, answered: Callable[[Any], object]) -> None:
        """answered(bool): whether a sign-in outlives the program on this computer."""
        self._workers.start(self._google.keeps, answered)

    def close(self) -> None:
        for attempt in self._workers.findChildren(Attempt):
            attempt.cancel()
        self._workers.close()
