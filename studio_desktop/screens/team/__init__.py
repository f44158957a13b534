"""The team: who works here, what each may do, and how they sign in."""

from studio_desktop.screens.screen import Screen, ScreenContext
from studio_desktop.screens.team.controller import TeamController
from studio_desktop.screens.team.stops import stops_of
from studio_desktop.screens.team.view import TeamView


def build(context: ScreenContext) -> Screen:
    view = TeamView(context)
    controller = TeamController(view, context)
    view.set_tour_stops(stops_of(view, controller))
    return view
