"""The screen Team: who works here, the list of those who left, and one of them beside it."""

from PySide6.QtWidgets import QStackedWidget

from studio_core.people.queries import PersonRow
from studio_desktop.forms.screen import FormScreen
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.screen import OWNERS, ScreenContext
from studio_desktop.screens.team.columns import team_model
from studio_desktop.screens.team.detail import PersonDetail
from studio_desktop.screens.team.duties import duties_model
from studio_desktop.screens.team.form import PersonForm
from studio_desktop.widgets.chips import ChipRow
from studio_desktop.widgets.table import DataTable, TableCard

WORKING, GONE, RIGHTS = "working", "gone", "rights"


class TeamView(FormScreen):
    """F2 adds somebody; the chips lead to who works here, who left, and what each may do."""

    model: RowModel[PersonRow]

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.theme, "team")
        theme = context.theme
        self.may_write = context.person.access in OWNERS
        self.set_list(self.tr("Team"), team_model())
        if self.may_write:
            self.set_primary(self.tr("New person"), "F2").clicked.connect(self.new_wanted)
        self.who = ChipRow(
            self.tr("What is listed"),
            [
                (WORKING, self.tr("Work here")),
                (GONE, self.tr("Left")),
                (RIGHTS, self.tr("What each may do")),
            ],
        )
        self.add_filter(self.who)
        self.duties = DataTable(theme, self.tr("What each may do"))
        self.duties.show_rows_of(duties_model())
        self._lists = QStackedWidget()
        self._lists.addWidget(self.card)
        self._lists.addWidget(TableCard(self.duties))
        self.form = PersonForm(theme)
        self.detail = PersonDetail(theme, may_write=self.may_write)
        self.set_form(self.form, self.detail.foot)
        self.body.addWidget(self._lists, 1)
        self.body.addWidget(self.panel)

    def show_list(self, which: str) -> None:
        """One of the chips' values."""
        self._lists.setCurrentIndex(1 if which == RIGHTS else 0)

    def show_detail(self) -> None:
        row = self.detail.row()
        assert row is not None, "there is somebody to look at"
        self.show_page(self.detail, row.name, self.detail.foot if self.may_write else None)

    def shows_detail(self) -> bool:
        return self.shows_page(self.detail)

    # What the window asks

    def search_hint(self) -> str:
        return self.tr("Search name or e-mail…")

    def focus_list(self) -> None:
        if self.who.value() == RIGHTS:
            self.duties.setFocus()
        else:
            super().focus_list()
