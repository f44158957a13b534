"""The screen of a list of entries: filters, the list, and the side panel beside it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_core.months import Month
from studio_desktop.entries.form import EntryForm
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.screen import Screen, ScreenContext, TourStop
from studio_desktop.widgets.buttons import Button, PrimaryButton, WeakButton
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.menu_chip import MenuChip
from studio_desktop.widgets.month_chip import MonthChip
from studio_desktop.widgets.panel import SidePanel
from studio_desktop.widgets.table import DataTable, TableCard

DESK = frozenset({"owner", "manager", "reception"})
OFFICE = frozenset({"owner", "manager"})


class EntriesScreen(Screen):
    """new_wanted, undo_wanted: F4, Ctrl+Z. save_wanted: the form's button or Ctrl+Enter.
    closing_wanted: Esc, Cancel or the panel's cross. filter_changed: another month or chip.
    """

    new_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    closing_wanted = Signal()
    filter_changed = Signal()

    def __init__(
        self,
        context: ScreenContext,
        key: str,
        title: str,
        new: str,
        today: Callable[[], date],
        model: RowModel[Any],
    ) -> None:
        """new: what the primary action says."""
        super().__init__(context.theme, key)
        theme = context.theme
        self.may_write = context.person.access in DESK
        self.is_office = context.person.access in OFFICE
        self.new_words = new
        self._unsaved: Callable[[], bool] | None = None
        self._stops: Sequence[TourStop] = ()
        self._chips: list[MenuChip] = []
        self.set_title(title)
        if self.may_write:
            self.set_primary(new, "F4").clicked.connect(self.new_wanted)
        self.months = MonthChip(theme, Month.of(today()))
        self.months.add_keys(self)
        self.clear = WeakButton(self.tr("Clear filters"))
        self.clear.hide()
        self.add_filter(self.months)
        self.model = model
        self.table = DataTable(theme, title)
        self.table.show_rows_of(model)
        self.table.set_order("date", True)
        self.empty = EmptyState(theme, key)
        self.card = TableCard(self.table)
        self.panel = SidePanel(theme)
        self.save = PrimaryButton(self.tr("Save"), "Ctrl+Return")
        self.cancel = Button(self.tr("Cancel"))
        self._form_foot = QWidget()
        foot = QHBoxLayout(self._form_foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        self.body.addWidget(self.card, 1)
        self.body.addWidget(self.panel)

    def set_panel(self, form: EntryForm, detail: QWidget, detail_foot: QWidget) -> None:
        """What the panel shows: the form, or an entry to look at. A subclass calls it once."""
        self._form, self._detail, self._detail_foot = form, detail, detail_foot
        self.panel.foot.addWidget(detail_foot, 1)
        self.panel.foot.addWidget(self._form_foot, 1)
        self.save.clicked.connect(self.save_wanted)
        self.cancel.clicked.connect(self.closing_wanted)
        form.submitted.connect(self.save_wanted)
        self.panel.closed.connect(self.closing_wanted)
        self.months.month_changed.connect(self._on_filter)
        self.clear.clicked.connect(self.clear_filters)
        self.add_filter(self.clear)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.undo_wanted)

    def add_chip(self, chip: MenuChip) -> MenuChip:
        self._chips.append(chip)
        chip.chosen.connect(self._on_filter)
        self.add_filter(chip)
        return chip

    # The panel

    def show_form(self, title: str) -> None:
        self._show(title, self._form, self._form_foot)

    def show_detail(self, title: str, *, with_actions: bool) -> None:
        self._show(title, self._detail, self._detail_foot if with_actions else None)

    def shows_form(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self._form

    def shows_detail(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self._detail

    def set_saving(self, saving: bool) -> None:
        self._form.set_locked(saving)
        self.save.setEnabled(not saving)
        self.cancel.setEnabled(not saving)

    def _show(self, title: str, content: QWidget, foot: QWidget | None) -> None:
        self.panel.set_title(title)
        for each in (self._form_foot, self._detail_foot):
            each.setVisible(each is foot)
        if self.panel.content() is not content:
            self.panel.set_content(content)
        self.panel.open_panel()

    # Filters

    def is_narrowed(self) -> bool:
        return any(chip.value() is not None for chip in self._chips)

    @Slot()
    def clear_filters(self) -> None:
        for chip in self._chips:
            chip.choose(None)

    @Slot()
    def _on_filter(self) -> None:
        self.clear.setVisible(self.is_narrowed())
        self.filter_changed.emit()

    # What the window asks

    def watch_unsaved(self, unsaved: Callable[[], bool]) -> None:
        """Who knows whether the form holds something that leaving would lose."""
        self._unsaved = unsaved

    def has_unsaved(self) -> bool:
        return self._unsaved is not None and self._unsaved()

    def go_back(self) -> bool:
        if self.panel.isHidden():
            return False
        self.closing_wanted.emit()
        return True

    def focus_list(self) -> None:
        self.table.setFocus()
        if self.table.current_row() is None and self.model.rows:
            self.table.selectRow(0)

    def set_tour_stops(self, stops: Sequence[TourStop]) -> None:
        self._stops = stops

    def tour_stops(self) -> Sequence[TourStop]:
        return self._stops
