"""Alerts: what the programs noticed, who has seen it, and what is worth one."""

from studio_desktop.screens.administration.alerts.controller import AlertsController
from studio_desktop.screens.administration.alerts.view import AlertsSection
from studio_desktop.screens.administration.section import SectionController
from studio_desktop.screens.screen import ScreenContext


def build(context: ScreenContext) -> SectionController:
    return AlertsController(AlertsSection(context.theme, context.zone), context)
