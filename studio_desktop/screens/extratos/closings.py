"""The closing that is under way, of this desk or of others, shown in the card."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.errors import StudioError
from studio_core.extrato.under_way import ClosingUnderWay, cancel_closing, closings_under_way
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.closer import Closer
from studio_desktop.screens.extratos.closing_card import ClosingCard
from studio_desktop.screens.extratos.closing_step import ClosingStep
from studio_desktop.screens.screen import OWNERS, ScreenContext

WATCH_MS = 2_000
"""A run whose program was killed says nothing more, so its sign of life is looked at."""


class Closings(QObject):
    """Has a Closer close months, and shows whatever is under way.

    closed(Month), refused(Month, StudioError): how this desk's own closing ended.
    month_changed: another month, or none, is being closed now.
    """

    closed = Signal(object)
    refused = Signal(object, object)
    month_changed = Signal()

    def __init__(
        self, card: ClosingCard, closer: Closer, context: ScreenContext, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._card, self._closer = card, closer
        self._runner, self._notifier = context.runner, context.notifier
        self._person = context.person
        self._elsewhere: ClosingUnderWay | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.look)
        card.cancel_wanted.connect(self._on_cancel_wanted)
        closer.began.connect(self._on_began)
        closer.progressed.connect(self._on_progressed)
        closer.closed.connect(self._on_closed)
        closer.refused.connect(self._on_refused)
        closer.not_stopped.connect(self._on_not_stopped)

    @property
    def month(self) -> Month | None:
        """The month that is being closed at this moment, wherever."""
        if self._closer.month is not None:
            return self._closer.month
        return self._elsewhere.month if self._elsewhere is not None else None

    @property
    def own(self) -> bool:
        """Whether this desk waits for the end of one."""
        return self._closer.month is not None

    def start(self, month: Month, *, force: bool = False) -> None:
        """Nothing happens while this desk is at one already."""
        if not self.own:
            self._closer.start(month, force=force)

    @Slot()
    def look(self) -> None:
        """How far this desk's own is; without one, whether something is under way elsewhere."""
        if self.own:
            self._closer.look()
        else:
            self._runner.ask(
                self, "under way", closings_under_way, self._on_under_way, self._on_not_seen
            )

    # This desk's own

    @Slot()
    def _on_began(self) -> None:
        if self._closer.month is None:
            return
        self._elsewhere = None
        self._card.begin_closing(_name(self._closer.month), self._closer.badge())
        self._watch.start()
        self.month_changed.emit()

    @Slot(object, bool)
    def _on_progressed(self, step: Any, stopping: bool) -> None:
        self._card.show_step(step, stopping=stopping)

    @Slot(object)
    def _on_closed(self, month: Any) -> None:
        self._end()
        self.closed.emit(month)

    @Slot(object, object)
    def _on_refused(self, month: Any, error: Any) -> None:
        self._end()
        self.refused.emit(month, error)

    def _end(self) -> None:
        self._watch.stop()
        self._card.end()
        self.month_changed.emit()

    # Elsewhere

    @Slot(object)
    def _on_under_way(self, found: Any) -> None:
        """found: tuple of ClosingUnderWay."""
        if self.own or any(self._closer.adopt(one) for one in found):
            return
        shown = next(iter(found), None)
        before, self._elsewhere = self._elsewhere, shown
        if shown is None:
            if before is not None:
                self._end()
            return
        if before is None or before.month != shown.month or before.person != shown.person:
            self._card.begin_closing(
                _name(shown.month), self._badge(shown), can_cancel=self._may_cancel(shown)
            )
            self._watch.start()
            self.month_changed.emit()
        step = ClosingStep(shown.stage, shown.rows_done, shown.rows_total)
        self._card.show_step(step, stopping=shown.cancel_requested)

    def _badge(self, shown: ClosingUnderWay) -> str:
        if shown.person is None:
            return self.tr("Started elsewhere")
        if shown.request_id is None:
            return self.tr("Started by {person}").replace("{person}", shown.person)
        return self.tr("Asked for by {person}").replace("{person}", shown.person)

    def _may_cancel(self, shown: ClosingUnderWay) -> bool:
        return self._person.access in OWNERS or self._person.id == shown.person_id

    @Slot(object)
    def _on_not_seen(self, _error: StudioError) -> None:
        """The banner speaks of a lost connection; what is shown stays."""

    # Cancelling

    @Slot()
    def _on_cancel_wanted(self) -> None:
        if self.own:
            self._closer.cancel()
        elif self._elsewhere is not None:
            self._runner.act(
                self,
                partial(cancel_closing, closing=self._elsewhere),
                self._on_asked,
                self._on_not_stopped,
            )

    @Slot(object)
    def _on_asked(self, _answer: Any) -> None:
        self.look()

    @Slot(object)
    def _on_not_stopped(self, error: Any) -> None:
        self._card.go_on()
        self._notifier.error(error)


def _name(month: Month) -> str:
    return formats.month(month.year, month.month)
