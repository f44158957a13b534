"""The screen Team: who works here, the list of those who left, and one of them beside it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio_desktop.screens.screen import Screen, ScreenContext, TourStop
from studio_desktop.screens.team.columns import team_model
from studio_desktop.screens.team.detail import PersonDetail
from studio_desktop.screens.team.duties import duties_model
from studio_desktop.screens.team.form import PersonForm
from studio_desktop.widgets.buttons import Button, PrimaryButton
from studio_desktop.widgets.chips import ChipRow
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.panel import SidePanel
from studio_desktop.widgets.table import DataTable, TableCard

WORKING, GONE, RIGHTS = "working", "gone", "rights"


class TeamView(Screen):
    """new_wanted, undo_wanted: F2, Ctrl+Z. save_wanted: the form's button or Ctrl+Enter.
    closing_wanted: Esc or the panel's cross."""

    new_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    closing_wanted = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.theme, "team")
        theme = context.theme
        self.may_write = context.person.access == "owner"
        self._unsaved: Callable[[], bool] | None = None
        self._tour_stops: Sequence[TourStop] = ()
        self.set_title(self.tr("Team"))
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
        self.model = team_model()
        self.table = DataTable(theme, self.tr("Team"))
        self.table.show_rows_of(self.model)
        self.empty = EmptyState(theme, "team")
        self.card = TableCard(self.table)
        self.duties = DataTable(theme, self.tr("What each may do"))
        self.duties.show_rows_of(duties_model())
        self._lists = QStackedWidget()
        self._lists.addWidget(self.card)
        self._lists.addWidget(TableCard(self.duties))
        self.panel = SidePanel(theme)
        self.form = PersonForm(theme)
        self.detail = PersonDetail(theme, may_write=self.may_write)
        self.save = PrimaryButton(self.tr("Save"), "Ctrl+Return")
        self.cancel = Button(self.tr("Cancel"))
        self.panel.foot.addWidget(self.detail.foot, 1)
        self.panel.foot.addStretch(0)  # Gives way to the page that fills the foot.
        self.panel.foot.addWidget(self.cancel)
        self.panel.foot.addWidget(self.save)
        self.body.addWidget(self._lists, 1)
        self.body.addWidget(self.panel)
        self.save.clicked.connect(self.save_wanted)
        self.cancel.clicked.connect(self.closing_wanted)
        self.form.submitted.connect(self.save_wanted)
        self.panel.closed.connect(self.closing_wanted)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.undo_wanted)

    def show_list(self, which: str) -> None:
        """One of the chips' values."""
        self._lists.setCurrentIndex(1 if which == RIGHTS else 0)

    # The panel

    def show_form(self, title: str) -> None:
        self._show(self.form, title)

    def show_detail(self) -> None:
        row = self.detail.row()
        assert row is not None, "there is somebody to look at"
        self._show(self.detail, row.name)

    def shows_form(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.form

    def shows_detail(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.detail

    def set_saving(self, saving: bool) -> None:
        self.form.set_locked(saving)
        self.save.setEnabled(not saving)
        self.cancel.setEnabled(not saving)

    def watch_unsaved(self, unsaved: Callable[[], bool]) -> None:
        """Who knows whether the form holds something that leaving would lose."""
        self._unsaved = unsaved

    def set_tour_stops(self, stops: Sequence[TourStop]) -> None:
        self._tour_stops = stops

    # What the window asks

    def search_hint(self) -> str:
        return self.tr("Search name or e-mail…")

    def has_unsaved(self) -> bool:
        return self._unsaved is not None and self._unsaved()

    def go_back(self) -> bool:
        if self.panel.isHidden():
            return False
        self.closing_wanted.emit()
        return True

    def focus_list(self) -> None:
        if self.who.value() == RIGHTS:
            self.duties.setFocus()
            return
        self.table.setFocus()
        if self.table.current_row() is None and self.model.rows:
            self.table.selectRow(0)

    def tour_stops(self) -> Sequence[TourStop]:
        return self._tour_stops

    def _show(self, content: QWidget, title: str) -> None:
        self.panel.set_title(title)
        for button in (self.save, self.cancel):
            button.setVisible(content is self.form)
        self.detail.foot.setVisible(content is self.detail and self.may_write)
        if self.panel.content() is not content:
            self.panel.set_content(content)
        self.panel.open_panel()
