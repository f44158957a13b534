"""Gets the next password before the one in use ends, without anybody noticing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.errors import RuleError
from studio_core.observability import get_logger
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.tasks.worker import Workers

log = get_logger(__name__)

LOOK_MS = 30_000
_AGAIN_S = (30, 60, 120, 300)
_SHORT = 24
"""A failed try is repeated at the latest after this part of the password's life."""
_TELL = 12
"""The last part of the life in which a person is told that it ends."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Renewal(QObject):
    """Renews in the middle of the password's life, and tries again and again when that fails.

    renewed: a new password is in use. ending(datetime): it could not be renewed and ends then;
    told once. ended: nothing new can be opened any more; somebody has to sign in.
    """

    renewed = Signal()
    ending = Signal(object)
    ended = Signal()

    def __init__(
        self,
        session: GoogleSession,
        workers: Workers,
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        look_ms: int = LOOK_MS,
    ) -> None:
        """workers: they outlive this; nobody waits for a try under way."""
        super().__init__(parent)
        self._session, self._workers, self._now = session, workers, now
        self._failures = 0
        self._next_try: datetime | None = None
        self._given_up = not session.login.refresh_token
        self._trying = self._told = self._over = False
        # Often, rather than once at the right time: a laptop sleeps, and its clock is set.
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._over = True
        self._timer.stop()

    @Slot()
    def renew_now(self) -> None:
        """The database does not take the password (any more)."""
        if self._over or self._trying:
            return
        if self._given_up:
            self._end()
            return
        self._trying = True
        self._workers.start(self._session.renew, self._on_renewed, self._on_refused, asker=self)

    @Slot()
    def look(self) -> None:
        """At the clock; what the timer does."""
        if self._over:
            return
        now, login = self._server_time(), self._session.login
        life = login.expires_at - login.issued_at
        if now >= login.expires_at:
            self._end()
            return
        if now >= login.expires_at - life / _TELL and (self._failures or self._given_up):
            self._tell()
        due = self._next_try or login.expires_at - life / 2
        if now >= due and not self._given_up:
            self.renew_now()

    @Slot(object)
    def _on_renewed(self, _login: Any) -> None:
        if self._over:
            return
        self._trying = self._told = False
        self._failures, self._next_try = 0, None
        log.info("sign_in_renewed")
        self.renewed.emit()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        if self._over:
            return
        self._trying = False
        self._failures += 1
        log.warning("sign_in_not_renewed", reason=error.code, failures=self._failures)
        if isinstance(error, RuleError):
            self._given_up = True
            self._tell()
            return
        login = self._session.login
        longest = (login.expires_at - login.issued_at) / _SHORT
        pause = timedelta(seconds=_AGAIN_S[min(self._failures, len(_AGAIN_S)) - 1])
        self._next_try = self._server_time() + min(pause, longest)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self.ending.emit(self._session.login.expires_at - self._session.login.ahead)

    def _end(self) -> None:
        self.stop()
        self.ended.emit()

    def _server_time(self) -> datetime:
        return self._now() + self._session.login.ahead
