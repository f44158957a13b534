"""The search, the list of changes, and the panel with before and after."""

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent

from studio_core.audit.rows import AuditFilter
from studio_core.months import today
from studio_desktop.screens.administration.audit.columns import audit_model
from studio_desktop.screens.administration.audit.detail import AuditDetail
from studio_desktop.screens.administration.audit.filters import AuditFilters
from studio_desktop.screens.administration.listing import ListSection
from studio_desktop.theme.theme import Theme

WIDE = 560
"""The panel where there is room for two sides."""
ROOM = 1100


class AuditSection(ListSection):
    """subject_shown(AuditFilter): another section led here."""

    subject_shown = Signal(object)

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        name = QCoreApplication.translate("AuditSection", "Changes")
        super().__init__(theme, name, "shield", audit_model(zone))
        self.filters = AuditFilters(theme, partial(today, zone))
        self.add_filter(self.filters)
        self.detail = AuditDetail(theme, zone)

    def search_hint(self) -> str:
        return self.tr("Search values, names, numbers, correlation ids…")

    def show_subject(self, subject: object) -> None:
        if isinstance(subject, AuditFilter):
            self.filters.show_filter(subject)
            self.subject_shown.emit(subject)

    def show_detail(self, title: str) -> None:
        self.show_in_panel(title, self.detail, self.detail.foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width: Any = WIDE if self.width() >= ROOM else self.theme.tokens.panel_width
        if self.panel.width() != width:
            self.panel.setFixedWidth(width)
