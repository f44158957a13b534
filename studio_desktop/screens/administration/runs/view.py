"""The list of runs, chips to narrow it, and the panel."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.extrato.run_list import RunFilter
from studio_desktop.screens.administration.listing import ListSection
from studio_desktop.screens.administration.runs.columns import runs_model
from studio_desktop.screens.administration.runs.detail import RunDetail
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.chips import ChipRow


class RunsSection(ListSection):
    """Its own parts: the chips and the detail."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        name = QCoreApplication.translate("RunsSection", "Runs")
        super().__init__(theme, name, "history", runs_model(zone))
        self.chips = ChipRow(
            self.tr("Which runs"),
            (
                (RunFilter(), self.tr("All")),
                (RunFilter("close"), self.tr("Closings")),
                (RunFilter("reopen"), self.tr("Reopenings")),
                (RunFilter("rehearsal"), self.tr("Rehearsals")),
                (RunFilter(only_trouble=True), self.tr("With trouble")),
            ),
        )
        self.chips.chosen.connect(self.filters_changed)
        self.add_filter(self.chips)
        self.detail = RunDetail(theme, zone)

    def filter(self) -> RunFilter:
        chosen: RunFilter = self.chips.value()
        return chosen

    def show_detail(self, title: str) -> None:
        self.show_in_panel(title, self.detail, self.detail.foot)
