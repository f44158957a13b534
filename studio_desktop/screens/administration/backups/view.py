"""Three figures at a glance, then the list of backups."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout

from studio_core.extrato.backup_list import BackupsOverview
from studio_desktop import formats
from studio_desktop.screens.administration.backups.columns import backups_model
from studio_desktop.screens.administration.backups.detail import BackupDetail
from studio_desktop.screens.administration.listing import ListSection
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.card import FigureCard
from studio_desktop.widgets.chips import ChipRow


class BackupsSection(ListSection):
    """Its own parts: the figures, the chips and the detail."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        name = QCoreApplication.translate("BackupsSection", "Backups")
        super().__init__(theme, name, "download", backups_model(zone))
        self._zone = zone
        self.months = FigureCard(self.tr("Closed months with a backup"))
        self.everything = FigureCard(self.tr("Newest backup of everything"))
        self.drill = FigureCard(self.tr("Last trial restore"))
        figures = QHBoxLayout()
        figures.setSpacing(16)
        for card in (self.months, self.everything, self.drill):
            figures.addWidget(card, 1)
        self.head.addLayout(figures)
        self.chips = ChipRow(
            self.tr("Which backups"),
            (
                (None, self.tr("All")),
                ("month", self.tr("Of months")),
                ("full", self.tr("Of everything")),
            ),
        )
        self.chips.chosen.connect(self.filters_changed)
        self.add_filter(self.chips)
        self.detail = BackupDetail(theme, zone)

    def show_overview(self, found: BackupsOverview, now: datetime) -> None:
        of = self.tr("{n} of {all}").replace("{n}", formats.count(found.backed_up))
        missing = found.closed - found.backed_up
        note = self.tr("none is missing")
        if missing:
            note = self.tr("{n} without one").replace("{n}", formats.count(missing))
        elif not found.closed:
            note = self.tr("no month is closed yet")
        self.months.set_figure(of.replace("{all}", formats.count(found.closed)), note)
        if found.full_at is None:
            note = self.tr("the server makes one a day")
            self.everything.set_figure(self.tr("None yet"), note)
        else:
            size = formats.size(found.full_bytes or 0)
            when = formats.day_and_time(found.full_at.astimezone(self._zone))
            self.everything.set_figure(self._ago(found.full_at, now), formats.summary((when, size)))
        if found.drilled_at is None:
            self.drill.set_figure(self.tr("None yet"), self.tr("the server tries one a week"))
        else:
            how = self.tr("it failed") if found.drill_failed else self.tr("it held everything")
            when = formats.day_and_time(found.drilled_at.astimezone(self._zone))
            self.drill.set_figure(self._ago(found.drilled_at, now), formats.summary((when, how)))

    def _ago(self, at: datetime, now: datetime) -> str:
        """7 h ago, 3 days ago."""
        hours = int((now - at).total_seconds() // 3600)
        if hours < 1:
            return self.tr("Just now")
        if hours < 48:
            return self.tr("{n} h ago").replace("{n}", str(hours))
        return self.tr("{n} days ago").replace("{n}", str(hours // 24))

    def show_detail(self, title: str) -> None:
        self.show_in_panel(title, self.detail)
