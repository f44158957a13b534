"""The screen Clients: how they are sorted, the list, and the side panel beside it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal, Slot

from studio_core.clients.queries import ClientOrder, ClientRow
from studio_desktop.forms.screen import FormScreen
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.clients.columns import clients_model
from studio_desktop.screens.clients.detail import ClientPanel
from studio_desktop.screens.clients.form import ClientForm
from studio_desktop.screens.clients.import_page import ImportPage
from studio_desktop.screens.screen import DESK, OFFICE, ScreenContext
from studio_desktop.widgets.chips import ChipRow

FALLING: dict[ClientOrder, bool] = {"name": False, "newest": True, "last_visit": True}
"""How each order is wanted first."""


class ClientsView(FormScreen):
    """F2 adds a client. import_wanted: from a file. order_changed: by a chip or a header."""

    import_wanted = Signal()
    order_changed = Signal()

    model: RowModel[ClientRow]

    def __init__(self, context: ScreenContext, today: Callable[[], date]) -> None:
        super().__init__(context.theme, "clients")
        theme, access = context.theme, context.person.access
        self.may_write = access in DESK
        self.set_list(self.tr("Clients"), clients_model(with_total=access in OFFICE))
        self.table.set_order("name", False)
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
        self.form = ClientForm(theme, today)
        self.detail = ClientPanel(theme, context.zone, today, may_write=self.may_write)
        self.importing = ImportPage(theme)
        self.set_form(self.form, self.detail.foot, self.importing.foot)
        self.body.addWidget(self.card, 1)
        self.body.addWidget(self.panel)
        self.orders.chosen.connect(self._on_chip)
        self.table.order_changed.connect(self._on_header)

    # The panel

    def show_detail(self) -> None:
        detail = self.detail.detail()
        assert detail is not None, "there is a client to look at"
        foot = self.detail.foot if self.may_write else None
        self.show_page(self.detail, detail.shown_name, foot)

    def shows_detail(self) -> bool:
        return self.shows_page(self.detail)

    def show_import(self) -> None:
        self.show_page(self.importing, self.tr("Import clients"), self.importing.foot)

    def shows_import(self) -> bool:
        return self.shows_page(self.importing)

    # What the window asks

    def search_hint(self) -> str:
        return self.tr("Search name, phone, CPF or Instagram…")

    # Inside

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
