"""The screen Payments: filters, the list, and the side panel beside it."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from studio_core.ledger.models import METHODS
from studio_core.months import Month
from studio_core.people.queries import Artist
from studio_desktop.labels import method_label
from studio_desktop.screens.payments.columns import payments_model
from studio_desktop.screens.payments.detail import PaymentDetail
from studio_desktop.screens.payments.form import PaymentForm
from studio_desktop.screens.screen import Screen, ScreenContext, TourStop
from studio_desktop.widgets.buttons import Button, PrimaryButton, TextButton
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.menu_chip import MenuChip
from studio_desktop.widgets.month_chip import MonthChip
from studio_desktop.widgets.panel import SidePanel
from studio_desktop.widgets.table import DataTable, TableCard

DESK = frozenset({"owner", "manager", "reception"})
OFFICE = frozenset({"owner", "manager"})


class PaymentsView(Screen):
    """new_wanted, undo_wanted: F4, Ctrl+Z. save_wanted: the form's button or Ctrl+Enter.
    closing_wanted: Esc or the panel's cross. filter_changed: another month, method or artist.
    """

    new_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    closing_wanted = Signal()
    filter_changed = Signal()

    def __init__(self, context: ScreenContext, today: Callable[[], date]) -> None:
        super().__init__(context.theme, "payments")
        theme, access = context.theme, context.person.access
        self.may_write = access in DESK
        self._unsaved: Callable[[], bool] | None = None
        self._tour_stops: Sequence[TourStop] = ()
        self.set_title(self.tr("Payments"))
        if self.may_write:
            self.set_primary(self.tr("New payment"), "F4").clicked.connect(self.new_wanted)
        self.months = MonthChip(theme, Month.of(today()))
        self.methods = MenuChip(theme, self.tr("Method"), self._method_options())
        self.artists = MenuChip(theme, self.tr("Artist"), [(None, self.tr("Every artist"))])
        self.all = TextButton(self.tr("Clear filters"))
        self.all.hide()
        for part in (self.months, self.methods, self.artists, self.all):
            self.add_filter(part)
        self.model = payments_model()
        self.table = DataTable(theme, self.tr("Payments"))
        self.table.show_rows_of(self.model)
        self.table.set_order("date", True)
        self.empty = EmptyState(theme, "payments")
        self.card = TableCard(self.table)
        self.panel = SidePanel(theme)
        offices = access in OFFICE
        self.form = PaymentForm(theme, context.runner, today, shows_commission=offices)
        self.detail = PaymentDetail(theme, may_write=self.may_write, shows_commission=offices)
        self.save = PrimaryButton(self.tr("Save"), "Ctrl+Return")
        self.cancel = Button(self.tr("Cancel"))
        self.panel.foot.addWidget(self.detail.foot)
        self.panel.foot.addStretch(1)
        self.panel.foot.addWidget(self.cancel)
        self.panel.foot.addWidget(self.save)
        self.body.addWidget(self.card, 1)
        self.body.addWidget(self.panel)
        self._connect()

    # The panel

    def show_form(self, title: str) -> None:
        self.panel.set_title(title)
        self.detail.foot.hide()
        self.save.show()
        self.cancel.show()
        if self.panel.content() is not self.form:
            self.panel.set_content(self.form)
        self.panel.open_panel()

    def show_detail(self) -> None:
        row = self.detail.row()
        assert row is not None, "there is a payment to look at"
        self.panel.set_title(self.tr("Payment {number}").replace("{number}", str(row.id)))
        self.save.hide()
        self.cancel.hide()
        if self.panel.content() is not self.detail:
            self.panel.set_content(self.detail)
        self.panel.open_panel()

    def shows_form(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.form

    def shows_detail(self) -> bool:
        return not self.panel.isHidden() and self.panel.content() is self.detail

    def set_saving(self, saving: bool) -> None:
        self.form.set_locked(saving)
        self.save.setEnabled(not saving)
        self.cancel.setEnabled(not saving)

    # Filters

    def set_artists(self, artists: Sequence[Artist]) -> None:
        self.artists.set_options(
            [(None, self.tr("Every artist")), *((one.id, one.name) for one in artists)]
        )
        self.form.set_artists(artists)

    def is_narrowed(self) -> bool:
        return self.methods.value() is not None or self.artists.value() is not None

    @Slot()
    def clear_filters(self) -> None:
        self.methods.choose(None)
        self.artists.choose(None)

    def watch_unsaved(self, unsaved: Callable[[], bool]) -> None:
        """Who knows whether the form holds something that leaving would lose."""
        self._unsaved = unsaved

    def set_tour_stops(self, stops: Sequence[TourStop]) -> None:
        self._tour_stops = stops

    # What the window asks

    def search_hint(self) -> str:
        return self.tr("Search client, artist or notes…")

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

    def _connect(self) -> None:
        self.save.clicked.connect(self.save_wanted)
        self.cancel.clicked.connect(self.closing_wanted)
        self.form.submitted.connect(self.save_wanted)
        self.panel.closed.connect(self.closing_wanted)
        self.months.add_keys(self)
        self.months.month_changed.connect(self._on_filter)
        self.methods.chosen.connect(self._on_filter)
        self.artists.chosen.connect(self._on_filter)
        self.all.clicked.connect(self.clear_filters)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.undo_wanted)

    def _method_options(self) -> list[tuple[str | None, str]]:
        return [
            (None, self.tr("Every method")),
            *((code, method_label(code)) for code in METHODS),
        ]

    @Slot()
    def _on_filter(self) -> None:
        self.all.setVisible(self.is_narrowed())
        self.filter_changed.emit()
