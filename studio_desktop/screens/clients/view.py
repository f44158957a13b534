"""The screen Clients: how they are sorted, the list, and the side panel beside it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from studio_core.clients.queries import ClientOrder
from studio_desktop.screens.clients.columns import clients_model
from studio_desktop.screens.clients.detail import ClientPanel
from studio_desktop.screens.clients.form import ClientForm
from studio_desktop.screens.clients.import_page import ImportPage
from studio_desktop.screens.screen import Screen, ScreenContext, TourStop
from studio_desktop.widgets.buttons import Button, PrimaryButton
from studio_desktop.widgets.chips import ChipRow
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.panel import SidePanel
from studio_desktop.widgets.table import DataTable, TableCard

DESK = frozenset({"owner", "manager", "reception"})
OFFICE = frozenset({"owner", "manager"})
FALLING: dict[ClientOrder, bool] = {"name": False, "newest": True, "last_visit": True}
"""How each order is wanted first."""


class ClientsView(Screen):
    """new_wanted, undo_wanted: F2, Ctrl+Z. import_wanted: from a file. save_wanted: the form's
    button or Ctrl+Enter. closing_wanted: Esc or the panel's cross. order_changed: by a chip or a
    header.
    """

    new_wanted = Signal()
    import_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    closing_wanted = Signal()
    order_changed = Signal()

    def __init__(self, context: ScreenContext, today: Callable[[], date]) -> None:
        super().__init__(context.theme, "clients")
        theme, access = context.theme, context.person.access
        self.may_write = access in DESK
        self._unsaved: Callable[[], bool] | None = None
        self._tour_stops: Sequence[TourStop] = ()
        self.set_title(self.tr("Clients"))
        if self.may_write:
            self.set_primary(self.tr("New client"), "F2").clicked.connect(self.new_wanted)
            self.add_action(self.tr("Import")).clicked.connect(self.import_wanted)
        orders: list[tuple[ClientOrder, str]] = [
            ("name", self.tr("By name")),
            ("newest", self.tr("Newest")),
            ("last_visit", self.tr("Last visit")),
        ]
        self.orders = ChipRow(self.tr("Sorted by"), orders)
        self.add_filter(self.orders)
        self.model = clients_model(with_total=access in OFFICE)
        self.table = DataTable(theme, self.tr("Clients"))
        self.table.show_rows_of(self.model)
        self.table.set_order("name", False)
        self.empty = EmptyState(theme, "clients")
        self.card = TableCard(self.table)
        self.panel = SidePanel(theme)
        self.form = ClientForm(theme, today)
        self.detail = ClientPanel(theme, context.zone, today, may_write=self.may_write)
        self.importing = ImportPage(theme)
        self.save = PrimaryButton(self.tr("Save"), "Ctrl+Return")
        self.cancel = Button(self.tr("Cancel"))
        self.panel.foot.addWidget(self.detail.foot)
        self.panel.foot.addWidget(self.importing.foot, 1)
        self.panel.foot.addStretch(0)  # Gives way to the page that fills the foot.
        self.panel.foot.addWidget(self.cancel)
        self.panel.foot.addWidget(self.save)
        self.body.addWidget(self.card, 1)
        self.body.addWidget(self.panel)
        self._connect()

    # The panel

    def show_form(self, title: str) -> None:
        self._show(self.form, title)

    def show_detail(self) -> None:
        detail = self.detail.detail()
        assert detail is not None, "there is a client to look at"
        self._show(self.detail, detail.shown_name)

    def show_import(self) -> None:
        self._show(self.importing, self.tr("Import clients"))

    def shows_form(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.form

    def shows_import(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.importing

    def shows_detail(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.detail

    def set_saving(self, saving: bool) -> None:
        self.form.set_locked(saving)
        self.save.setEnabled(not saving)
        self.cancel.setEnabled(not saving)

    def watch_unsaved(self, unsaved: Callable[[], bool]) -> None:
        """Who knows whether a form holds something that leaving would lose."""
        self._unsaved = unsaved

    def set_tour_stops(self, stops: Sequence[TourStop]) -> None:
        self._tour_stops = stops

    # What the window asks

    def search_hint(self) -> str:
        return self.tr("Search name, phone, CPF or Instagram…")

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

    def tour_stops(self) -> Sequence[TourStop]:
        return self._tour_stops

    # Inside

    def _show(self, content: QWidget, title: str) -> None:
        """One of the three that the panel holds, with its own buttons below."""
        self.panel.set_title(title)
        for button in (self.save, self.cancel):
            button.setVisible(content is self.form)
        self.detail.foot.setVisible(content is self.detail and self.may_write)
        self.importing.foot.setVisible(content is self.importing)
        if self.panel.content() is not content:
            self.panel.set_content(content)
        self.panel.open_panel()

    def _connect(self) -> None:
        self.save.clicked.connect(self.save_wanted)
        self.cancel.clicked.connect(self.closing_wanted)
        self.form.submitted.connect(self.save_wanted)
        self.panel.closed.connect(self.closing_wanted)
        self.orders.chosen.connect(self._on_chip)
        self.table.order_changed.connect(self._on_header)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.undo_wanted)

    @Slot(object)
    def _on_chip(self, order: Any) -> None:
        if order != self.table.order:
            wanted: ClientOrder = order
            self.table.set_order(wanted, FALLING[wanted])
            self.order_changed.emit()

    @Slot(str, bool)
    def _on_header(self, order: str, _descending: bool) -> None:
        self.orders.choose(order)
        self.order_changed.emit()
