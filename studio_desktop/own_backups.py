"""Backups of the whole studio where it lives on this computer alone: made here, unasked."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QObject, QTimer, Signal, Slot
from sqlalchemy import URL

from studio_core.config import Settings
from studio_core.errors import StudioError
from studio_desktop.tasks.runner import JobControl, Runner
from studio_desktop.widgets.notifier import Notifier

if TYPE_CHECKING:
    from studio_core.db.engine import Database

# Not while somebody has just come in and opens one screen after the other.
QUIET_MS = 5 * 60_000
BUSY_MS = 60_000
AGAIN_MS = 60 * 60_000


class OwnBackups(QObject):
    """Looks whether a backup or a trial of one is due, when nothing else is being done, and again
    each hour. Only what fails is told; it is tried again the next day, or by whoever signs in.

    url: the superuser's, whose rights a backup of everything takes.
    looked(failures): whatever was due is done, or failed with these StudioErrors.
    """

    looked = Signal(object)

    def __init__(
        self,
        runner: Runner,
        notifier: Notifier,
        url: URL,
        settings: Settings,
        parent: QObject | None = None,
        *,
        quiet_ms: int = QUIET_MS,
        busy_ms: int = BUSY_MS,
    ) -> None:
        super().__init__(parent)
        self._runner, self._notifier = runner, notifier
        self._url, self._settings = url, settings
        self._quiet_ms, self._busy_ms = quiet_ms, busy_ms
        self._failed_on: QDate | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_quiet)

    def start(self) -> None:
        self._timer.start(self._quiet_ms)

    def stop(self) -> None:
        """Looks no more; what is under way is the runner's to end."""
        self._timer.stop()

    @Slot()
    def _on_quiet(self) -> None:
        if self._failed_on == QDate.currentDate():
            self._timer.start(AGAIN_MS)
        elif self._runner.pending:
            self._timer.start(self._busy_ms)
        else:
            self._runner.run_job(
                self,
                partial(_look_after, self._url, self._settings),
                self._on_progressed,
                self._on_looked,
                self._on_refused,
            )

    @Slot(object)
    def _on_progressed(self, _progress: Any) -> None:
        """Nobody waits for it."""

    @Slot(object)
    def _on_looked(self, failures: Any) -> None:
        for failure in failures:
            self._notifier.error(failure)
        if failures:
            self._failed_on = QDate.currentDate()
        self._timer.start(AGAIN_MS)
        self.looked.emit(failures)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._on_looked((error,))


def _look_after(
    url: URL, settings: Settings, _desk: "Database", control: JobControl
) -> tuple[StudioError, ...]:
    from studio_core.backups.routine import do_what_is_due
    from studio_core.db.engine import Database

    with Database(url, application_name="studio-desktop backup", pool_size=2) as database:
        return do_what_is_due(
            database,
            directory=settings.backup_dir,
            copy_dir=settings.backup_copy_dir,
            cancelled=control.cancelled,
        )
