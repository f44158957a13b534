"""Who closes months for this desk: the desk itself, or the studio's server."""

from PySide6.QtCore import QObject, Signal

from studio_core.errors import StudioError
from studio_core.extrato.under_way import ClosingUnderWay
from studio_core.months import Month


class Closer(QObject):
    """Takes one month at a time. month: the one that it is at, None by the time it ends.

    began: with a month. progressed(ClosingStep, bool): how far it is, and whether it is being
    stopped. closed(Month), refused(Month, StudioError): how it ended. not_stopped(StudioError):
    the wish to cancel did not arrive.
    """

    began = Signal()
    progressed = Signal(object, bool)
    closed = Signal(object)
    refused = Signal(object, object)
    not_stopped = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.month: Month | None = None

    def badge(self) -> str:
        """A word beside the title of what it does."""
        raise NotImplementedError

    def start(self, month: Month, *, force: bool) -> None:
        """force: a closed month once more. Not while it is at one."""
        raise NotImplementedError

    def cancel(self) -> None:
        raise NotImplementedError

    def look(self) -> None:
        """How far is it? What is known without asking was told already."""

    def adopt(self, found: ClosingUnderWay) -> bool:
        """Whether that is its own, begun before this desk knew of it; it then goes on with it."""
        return False

    # For those who do it

    def _begin(self, month: Month) -> None:
        self.month = month
        self.began.emit()

    def _end(self, refusal: StudioError | None) -> None:
        month, self.month = self.month, None
        if month is None:
            return
        if refusal is None:
            self.closed.emit(month)
        else:
            self.refused.emit(month, refusal)
