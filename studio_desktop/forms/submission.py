"""Saving a form once: one request_id from the first press of the button until it succeeds."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.errors import StudioError, UnavailableError
from studio_desktop.tasks.runner import Runner


class Submission(QObject):
    """Sends an action of the core with this form's request_id.

    saved(row): done, or done already by a try whose answer was lost. refused(StudioError): a rule
    said no; mend and save. lost(StudioError): no answer; try again, it books nothing twice.
    """

    saved = Signal(object)
    refused = Signal(object)
    lost = Signal(object)

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._request_id = uuid4()
        self._busy = False
        self._unanswered = False
        self._deed: Hashable = None

    @property
    def request_id(self) -> UUID:
        return self._request_id

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def unanswered(self) -> bool:
        """A try was sent and nobody knows whether it was done."""
        return self._unanswered

    def begin(self, request_id: UUID | None = None, *, unanswered: bool = False) -> None:
        """Another form, or one brought back with the request it had sent before. unanswered: as
        it was then."""
        self._request_id = request_id or uuid4()
        self._unanswered = unanswered

    def send(self, action: Callable[..., Any], deed: Hashable = None) -> bool:
        """action(session, request_id=): an action of the core with the rest bound. False while
        an answer is awaited: two presses are one.

        deed: where one button serves several, such as the one looked at. Another deed is another
        request, though the answer to the last one was lost.
        """
        if self._busy:
            return False
        if deed != self._deed:
            self._deed = deed
            self.begin()
        self._busy = True
        wanted: Any = partial(action, request_id=self._request_id)
        self._runner.act(self, wanted, self._on_done, self._on_refused)
        return True

    @Slot(object)
    def _on_done(self, row: Any) -> None:
        self._busy = False
        self.begin()
        self.saved.emit(row)

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        self._busy = False
        if isinstance(error, UnavailableError):
            self._unanswered = True
            self.lost.emit(error)
        else:
            self.refused.emit(error)
