"""The screen of a list of entries: filters, the list, and the side panel beside it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio_core.months import Month
from studio_desktop.entries.form import EntryForm
from studio_desktop.forms.screen import FormScreen
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.screen import DESK, OFFICE, ScreenContext
from studio_desktop.widgets.buttons import WeakButton
from studio_desktop.widgets.menu_chip import MenuChip
from studio_desktop.widgets.month_chip import MonthChip


class EntriesScreen(FormScreen):
    """filter_changed: another month or chip."""

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
        self.may_write = context.person.access in DESK
        self.is_office = context.person.access in OFFICE
        self.new_words = new
        self._chips: list[MenuChip] = []
        self.set_list(title, model)
        self.table.set_order("date", True)
        if self.may_write:
            self.set_primary(new, "F4").clicked.connect(self.new_wanted)
        self.months = MonthChip(context.theme, Month.of(today()))
        self.months.add_keys(self)
        self.clear = WeakButton(self.tr("Clear filters"))
        self.clear.hide()
        self.add_filter(self.months)
        self.body.addWidget(self.card, 1)
        self.body.addWidget(self.panel)

    def set_panel(self, form: EntryForm, detail: QWidget, detail_foot: QWidget) -> None:
        """What the panel shows: the form, or an entry to look at. A subclass calls it once."""
        self._detail, self._detail_foot = detail, detail_foot
        self.set_form(form, detail_foot)
        self.months.month_changed.connect(self._on_filter)
        self.clear.clicked.connect(self.clear_filters)
        self.add_filter(self.clear)

    def add_chip(self, chip: MenuChip) -> MenuChip:
        self._chips.append(chip)
        chip.chosen.connect(self._on_filter)
        self.add_filter(chip)
        return chip

    def show_detail(self, title: str, *, with_actions: bool) -> None:
        self.show_page(self._detail, title, self._detail_foot if with_actions else None)

    def shows_detail(self) -> bool:
        return self.shows_page(self._detail)

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
