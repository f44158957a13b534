"""Health: whether all is well with the studio, subject by subject, and who looked when."""

from studio_desktop.screens.administration.health.controller import HealthController
from studio_desktop.screens.administration.health.view import HealthSection
from studio_desktop.screens.administration.section import SectionController
from studio_desktop.screens.screen import ScreenContext


def build(context: ScreenContext) -> SectionController:
    return HealthController(HealthSection(context.theme, context.zone), context)
