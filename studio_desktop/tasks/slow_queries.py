"""The desktop's slow-query alerts: who is signed in, and when their settings change."""

from typing import Any

from PySide6.QtCore import QObject, Slot

from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.db.engine import Database
from studio_desktop.tasks.changes import ChangeBus


class SlowQueries(QObject):
    """Tells the reporter's thread what happens here; it neither waits nor asks the database."""

    def __init__(self, reporter: SlowQueryReporter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reporter = reporter

    def start(self) -> None:
        self._reporter.start()

    def follow(self, database: Database, changes: ChangeBus) -> None:
        """Somebody has signed in there."""
        self._reporter.attach(database)
        changes.changed.connect(self._on_changed)
        changes.caught_up.connect(self._on_caught_up)

    def leave(self) -> None:
        """They have signed out."""
        self._reporter.detach()

    def close(self) -> None:
        """Before the database goes: what was found is still written, within a moment."""
        self._reporter.close(wait_s=2.0)

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        if any(change.table == "settings" for change in changes):
            self._reporter.reread()

    @Slot()
    def _on_caught_up(self) -> None:
        self._reporter.reread()
