"""Administration: what an owner looks after – health, runs, backups, alerts, and the audit."""

from studio_desktop.screens.administration.controller import AdministrationController
from studio_desktop.screens.administration.view import AdministrationView
from studio_desktop.screens.screen import Screen, ScreenContext


def build(context: ScreenContext) -> Screen:
    view = AdministrationView(context.theme)
    AdministrationController(view, context)
    return view
