"""Backups: of each month and of everything, where they are and whether they would help."""

from studio_desktop.screens.administration.backups.controller import BackupsController
from studio_desktop.screens.administration.backups.view import BackupsSection
from studio_desktop.screens.administration.section import SectionController
from studio_desktop.screens.screen import ScreenContext


def build(context: ScreenContext) -> SectionController:
    return BackupsController(BackupsSection(context.theme, context.zone), context)
