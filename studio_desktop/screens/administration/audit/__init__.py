"""Audit: every change, who made it and when, what was and what is."""

from studio_desktop.screens.administration.audit.controller import AuditController
from studio_desktop.screens.administration.audit.view import AuditSection
from studio_desktop.screens.administration.section import SectionController
from studio_desktop.screens.screen import ScreenContext


def build(context: ScreenContext) -> SectionController:
    return AuditController(AuditSection(context.theme, context.zone), context)
