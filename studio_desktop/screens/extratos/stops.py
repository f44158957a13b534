"""States of the screen that the tour photographs besides the list."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.closing_step import ClosingStep
from studio_desktop.screens.screen import TourStop
from studio_desktop.widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from studio_desktop.screens.extratos.view import ExtratosView

translate = QCoreApplication.translate


def stops_of(view: "ExtratosView", can_close: bool) -> tuple[TourStop, ...]:
    """A closed month; for an owner also one ready to close, its closing, and reopening."""
    closed = next((book.month for book in view.books() if book.closed), None)
    ready = view.ready()
    stops = []
    if closed is not None:
        stops.append(TourStop("statement", partial(_open, view, closed), view.show_list))
    if ready is not None and can_close:
        stops.append(TourStop("ready", partial(_open, view, ready), _stay))
        for name, badge, step in _closings():
            enter = partial(_pretend, view, ready, badge, step)
            stops.append(TourStop(name, enter, partial(_calm, view)))
    if closed is not None and can_close:
        stops.append(TourStop("reopen", partial(_ask, view, closed), partial(_leave, view)))
    return tuple(stops)


def _closings() -> tuple[tuple[str, str, ClosingStep], ...]:
    """Of this desk; asked of the server; run by it for somebody else."""
    here = translate("DeskCloser", "All or nothing")
    server = translate("ServerCloser", "On the server")
    helena = translate("Closings", "Asked for by {person}").replace("{person}", "Helena Prado")
    return (
        ("closing", here, ClosingStep("commissions", 634, 1021)),
        ("asking_server", server, ClosingStep("asked")),
        ("server_backup", server, ClosingStep("writing", 480, 1021)),
        ("server_elsewhere", helena, ClosingStep("payments", 312, 1021)),
    )


def _open(view: "ExtratosView", month: Month) -> None:
    view.month_wanted.emit(month, None)


def _stay() -> None:
    """The next stop goes on from here."""


def _pretend(view: "ExtratosView", month: Month, badge: str, step: ClosingStep) -> None:
    """The card as it looks with such a step; nothing is closed."""
    view.card.begin_closing(formats.month(month.year, month.month), badge)
    view.card.show_step(step)
    view.show_closing(month)


def _calm(view: "ExtratosView") -> None:
    view.card.end()
    view.show_closing(None)
    view.show_list()


def _ask(view: "ExtratosView", month: Month) -> None:
    view.month_wanted.emit(month, None)
    view.reopen_wanted.emit(month)


def _leave(view: "ExtratosView") -> None:
    for dialog in view.findChildren(ConfirmDialog):
        dialog.reject()
    view.show_list()
