"""Runs: every closing, reopening and rehearsal, and how each ended."""

from studio_desktop.screens.administration.runs.controller import RunsController
from studio_desktop.screens.administration.runs.view import RunsSection
from studio_desktop.screens.administration.section import SectionController
from studio_desktop.screens.screen import ScreenContext


def build(context: ScreenContext) -> SectionController:
    return RunsController(RunsSection(context.theme, context.zone), context)
