"""Changes a person's own password, off the UI thread."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.db.credential import Credential
from studio_core.db.engine import Database
from studio_desktop.signin.password import change_password
from studio_desktop.signin.password_page import PasswordPage
from studio_desktop.tasks.worker import Workers


class PasswordController(QObject):
    """changed: the new one is in force. database, credential: as the person is signed in now."""

    changed = Signal()

    def __init__(
        self, page: PasswordPage, workers: Workers, database: Database, credential: Credential
    ) -> None:
        super().__init__(page)
        self._page, self._workers = page, workers
        self._database, self._credential = database, credential
        page.wanted.connect(self._on_wanted)

    @Slot(str, str)
    def _on_wanted(self, old: str, new: str) -> None:
        work = partial(change_password, self._database, self._credential, new, old=old or None)
        self._workers.start(work, self._on_changed, self._on_refused)

    @Slot(object)
    def _on_changed(self, _nothing: Any) -> None:
        self.changed.emit()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._page.show_error(error)
