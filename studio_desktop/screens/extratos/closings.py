"""The closing that is under way: of this desk, or of another desk or the server."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.errors import StudioError
from studio_core.extrato.closing import ClosingOptions
from studio_core.extrato.records import RunUnderWay, ask_to_stop, runs_under_way
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.closing_card import ClosingCard
from studio_desktop.screens.extratos.closing_job import ClosingStep, close_with_backup
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.tasks.runner import JobControl

WATCH_MS = 2_000
"""A run whose program was killed says nothing more, so its sign of life is looked at."""


class Closings(QObject):
    """Runs closings and shows whatever runs in the card.

    closed(Month), refused(Month, StudioError): how this desk's own closing ended.
    month_changed: another month, or none, is being closed now.
    """

    closed = Signal(object)
    refused = Signal(object, object)
    month_changed = Signal()

    def __init__(self, card: ClosingCard, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self._card, self._runner, self._settings = card, context.runner, context.settings
        self._is_owner = context.person.access == "owner"
        self._own: tuple[Month, JobControl] | None = None
        self._elsewhere: RunUnderWay | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.look)
        card.cancel_wanted.connect(self._on_cancel_wanted)

    @property
    def month(self) -> Month | None:
        """The month that is being closed at this moment, wherever."""
        if self._own is not None:
            return self._own[0]
        return self._elsewhere.month if self._elsewhere is not None else None

    def start(self, month: Month, *, force: bool = False) -> None:
        """Nothing happens while this desk is closing a month already."""
        if self._own is not None:
            return
        self._forget_elsewhere()
        options = ClosingOptions(
            backup_dir=self._settings.backup_dir,
            batch_size=self._settings.batch_size,
            require_backup=True,
            force=force,
        )
        self._card.begin_closing(_name(month), own=True)
        control = self._runner.run_job(
            self,
            partial(close_with_backup, month=month, options=options),
            self._on_progressed,
            self._on_done,
            self._on_refused,
        )
        self._own = (month, control)
        self.month_changed.emit()

    @Slot()
    def look(self) -> None:
        """Whether something runs elsewhere, and how far it is."""
        self._runner.ask(self, "runs", runs_under_way, self._on_runs, self._on_not_seen)

    # This desk's own

    @Slot(object)
    def _on_progressed(self, step: Any) -> None:
        if self._own is not None and isinstance(step, ClosingStep):
            self._card.show_step(step)

    @Slot(object)
    def _on_done(self, _result: Any) -> None:
        month = self._end_own()
        if month is not None:
            self.closed.emit(month)

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        month = self._end_own()
        if month is not None:
            self.refused.emit(month, error)
        self.look()

    def _end_own(self) -> Month | None:
        month = self._own[0] if self._own is not None else None
        self._own = None
        self._card.end()
        self.month_changed.emit()
        return month

    # Elsewhere

    @Slot(object)
    def _on_runs(self, runs: Any) -> None:
        """runs: tuple of RunUnderWay, oldest first."""
        if self._own is not None:
            return
        run = next((one for one in runs if one.action == "close"), None)
        if run is None:
            self._forget_elsewhere()
            return
        if self._elsewhere is None or self._elsewhere.run_id != run.run_id:
            self._card.begin_closing(_name(run.month), own=False, can_cancel=self._is_owner)
            self._watch.start()
        before, self._elsewhere = self._elsewhere, run
        self._card.show_step(ClosingStep(False, run.stage, run.rows_done, run.rows_total))
        if before is None or before.month != run.month:
            self.month_changed.emit()

    @Slot(object)
    def _on_not_seen(self, _error: StudioError) -> None:
        """The banner speaks of a lost connection; what is shown stays."""

    def _forget_elsewhere(self) -> None:
        if self._elsewhere is None:
            return
        self._elsewhere = None
        self._watch.stop()
        self._card.end()
        self.month_changed.emit()

    @Slot()
    def _on_cancel_wanted(self) -> None:
        if self._own is not None:
            self._own[1].cancel()
        elif self._elsewhere is not None:
            self._runner.act(
                self, partial(ask_to_stop, run_id=self._elsewhere.run_id), self._on_asked
            )

    @Slot(object)
    def _on_asked(self, _answer: Any) -> None:
        """The run itself says when it has stopped."""


def _name(month: Month) -> str:
    return formats.month(month.year, month.month)
