"""Sees to it that a sign-in lasts while somebody works, and says so when it does not."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio_desktop.signin.google.door import GoogleDoor
from studio_desktop.signin.google.renewal import Renewal
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.signin.session import SignedIn
from studio_desktop.tasks.changes import ChangeBus
from studio_desktop.tasks.runner import Runner


class SignInWatch(QObject):
    """Renews what came from Google, and notices when the database takes a login no more.

    ending(datetime or None): it ends then and could not be renewed; None once it was after all.
    ended: nothing new can be asked of the database before somebody signs in again.
    """

    ending = Signal(object)
    ended = Signal()

    def __init__(
        self,
        signed_in: SignedIn,
        google: GoogleDoor | None,
        runner: Runner,
        changes: ChangeBus,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._database, self._credential = signed_in.database, signed_in.credential
        self._google, self._changes = google, changes
        self._renewal: Renewal | None = None
        self._ends_at: datetime | None = None
        self._told = False
        self.session: GoogleSession | None = None
        runner.turned_away.connect(self._on_turned_away)
        changes.turned_away.connect(self._on_turned_away)
        self._follow(signed_in)

    @property
    def ends_at(self) -> datetime | None:
        """As ending() told it."""
        return self._ends_at

    @property
    def is_over(self) -> bool:
        """Whether ended() was told, and nobody has signed in again since."""
        return self._told

    def take_over(self, signed_in: SignedIn) -> None:
        """Somebody signed in again: what is open goes on with their new login."""
        self._credential.replace(*signed_in.credential.login())
        self._database.renew_connections()
        signed_in.database.close()
        self._follow(signed_in)
        self._changes.reconnect()

    def stop(self) -> None:
        self._told = True
        if self._renewal is not None:
            self._renewal.stop()

    def _follow(self, signed_in: SignedIn) -> None:
        if self._renewal is not None:
            self._renewal.stop()
            self._renewal.deleteLater()
            self._renewal = None
        self._told = False
        self._set_end(None)
        self.session = signed_in.google
        if self._google is None or self.session is None:
            return
        self.session.serve(self._credential)
        self._renewal = self._google.renewal(self.session, self)
        self._renewal.renewed.connect(self._on_renewed)
        self._renewal.ending.connect(self._set_end)
        self._renewal.ended.connect(self._on_ended)
        self._renewal.start()

    @Slot()
    def _on_turned_away(self) -> None:
        if self._renewal is not None:
            self._renewal.renew_now()
        else:
            self._on_ended()

    @Slot()
    def _on_renewed(self) -> None:
        self._set_end(None)
        self._changes.reconnect()

    @Slot()
    def _on_ended(self) -> None:
        if not self._told:
            self._told = True
            self.ended.emit()

    @Slot(object)
    def _set_end(self, at: Any) -> None:
        if at != self._ends_at:
            self._ends_at = at
            self.ending.emit(at)
