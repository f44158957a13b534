"""The studio's server is the runner: this desk files a request, and follows it to its end.

The request stands in the database. Closing the desk, losing the connection or a crash end only the
following; the person's next desk finds the request again.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_core.errors import StudioError
from studio_core.extrato.requests import (
    RequestState,
    announce,
    request_extrato,
    withdraw_request,
)
from studio_core.extrato.under_way import ClosingUnderWay, follow_request
from studio_core.months import Month
from studio_desktop.screens.extratos.closer import Closer
from studio_desktop.screens.extratos.closing_step import ClosingStep
from studio_desktop.screens.screen import ClosingServer, ScreenContext


class ServerCloser(Closer):
    """Nobody at work on the request for the server's patience: it is taken back, so that nothing
    closes later behind the owner's back."""

    def __init__(self, context: ScreenContext, server: ClosingServer, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._person_id = context.runner, context.person.id
        self._request_id: int | None = None
        self._cancelled = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(server.patience_ms)
        self._patience.timeout.connect(self._on_out_of_patience)

    def badge(self) -> str:
        return self.tr("On the server")

    def start(self, month: Month, *, force: bool) -> None:
        self._request_id, self._cancelled = None, False
        self._begin(month)
        self.progressed.emit(ClosingStep("asked"), False)
        self._runner.act(
            self,
            partial(request_extrato, month=month, force=force),
            self._on_filed,
            self._on_not_filed,
        )

    def adopt(self, found: ClosingUnderWay) -> bool:
        if found.request_id is None or found.person_id != self._person_id:
            return False
        self._request_id, self._cancelled = found.request_id, False
        self._begin(found.month)
        self._show(found)
        return True

    def cancel(self) -> None:
        self._cancelled = True
        if self._request_id is not None:
            self._withdraw(stop=True)

    def look(self) -> None:
        if self._request_id is not None:
            self._runner.ask(
                self,
                "request",
                partial(follow_request, request_id=self._request_id),
                self._on_followed,
                self._on_not_seen,
            )

    # Filing

    @Slot(object)
    def _on_filed(self, request_id: Any) -> None:
        self._request_id = request_id
        if self._cancelled:
            self._withdraw(stop=True)
        else:
            self._patience.start()
        self.look()

    @Slot(object)
    def _on_not_filed(self, error: StudioError) -> None:
        """An answer that was lost is no refusal: the next look finds the request."""
        self._end(error)

    # Following

    @Slot(object)
    def _on_followed(self, followed: Any) -> None:
        """followed: a RequestState, and the ClosingUnderWay while it is."""
        state: RequestState = followed[0]
        found: ClosingUnderWay | None = followed[1]
        if state.id != self._request_id:
            return
        if found is not None:
            self._show(found)
            return
        self._request_id = None
        self._patience.stop()
        self._end(state.refusal)

    @Slot(object)
    def _on_not_seen(self, _error: StudioError) -> None:
        """The banner speaks of a lost connection; what is shown stays."""

    def _show(self, found: ClosingUnderWay) -> None:
        step = ClosingStep(found.stage, found.rows_done, found.rows_total)
        self.progressed.emit(step, self._cancelled or found.cancel_requested)
        if not found.forsaken:
            self._patience.stop()
        elif not self._patience.isActive():
            self._patience.start()
            if found.stage == "interrupted" and found.request_id is not None:
                self._runner.act(
                    self,
                    partial(announce, request_id=found.request_id),
                    self._on_announced,
                    self._on_not_seen,
                )

    @Slot(object)
    def _on_announced(self, _answer: Any) -> None:
        """A server that hears it takes over, which shows."""

    # Taking it back

    @Slot()
    def _on_out_of_patience(self) -> None:
        self._withdraw(stop=False)

    def _withdraw(self, *, stop: bool) -> None:
        if self._request_id is None:
            return
        self._runner.act(
            self,
            partial(withdraw_request, request_id=self._request_id, stop=stop),
            self._on_withdrawn,
            self._on_not_withdrawn,
        )

    @Slot(object)
    def _on_withdrawn(self, _status: Any) -> None:
        """Or taken meanwhile: what it is now shows."""
        self.look()

    @Slot(object)
    def _on_not_withdrawn(self, error: StudioError) -> None:
        """Out of patience it is tried again while the request is followed."""
        if self._cancelled:
            self._cancelled = False
            self.not_stopped.emit(error)
