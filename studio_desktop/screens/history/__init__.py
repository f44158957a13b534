"""History: the months that are still open, with their totals as they stand at this moment."""

from studio_desktop.screens.history.controller import HistoryController
from studio_desktop.screens.history.view import HistoryView
from studio_desktop.screens.screen import OWNERS, Screen, ScreenContext


def build(context: ScreenContext) -> Screen:
    view = HistoryView(context.theme, can_close=context.person.access in OWNERS)
    HistoryController(view, context)
    return view
