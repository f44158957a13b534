"""How many things wait on a screen that is perhaps not open yet, shown in the rail."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_desktop.screens.screen import Attention, ScreenContext, ScreenEntry
from studio_desktop.shell.rail import Rail

PAUSE_MS = 150
"""A burst of changes is counted once."""


class _Count(QObject):
    """Of one screen."""

    def __init__(self, rail: Rail, context: ScreenContext, key: str, of: Attention) -> None:
        super().__init__(rail)
        self._rail, self._runner, self._key, self._of = rail, context.runner, key, of
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.count)
        context.changes.changed.connect(self._on_changed)
        context.changes.caught_up.connect(self.count)

    @Slot()
    def count(self) -> None:
        self._runner.ask(self, "attention", self._of.count, self._on_counted, self._on_refused)

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        if any(change.table in self._of.tables for change in changes):
            self._pause.start()

    @Slot(object)
    def _on_counted(self, number: Any) -> None:
        self._rail.set_waiting(self._key, number)

    @Slot(object)
    def _on_refused(self, _error: Any) -> None:
        """The banner speaks of a lost connection; the last number stays."""


def watch_attention(rail: Rail, context: ScreenContext, entries: Sequence[ScreenEntry]) -> None:
    """Counts for the screens that ask for it, as long as the rail lives."""
    for entry in entries:
        if entry.attention is not None:
            _Count(rail, context, entry.key, entry.attention).count()
