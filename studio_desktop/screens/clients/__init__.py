"""The studio's clients: the list, one in detail, the form."""

from functools import partial

from studio_core.months import today
from studio_desktop.screens.clients.controller import ClientsController
from studio_desktop.screens.clients.stops import stops_of
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.screen import Screen, ScreenContext


def build(context: ScreenContext) -> Screen:
    day = partial(today, context.zone)
    view = ClientsView(context, day)
    controller = ClientsController(view, context, day)
    view.set_tour_stops(stops_of(view, controller))
    return view
