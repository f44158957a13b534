"""What the list of payments shows, and what is done with the one chosen."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from studio_core.ledger.actions import void_payment
from studio_core.ledger.queries import (
    PaymentFilter,
    PaymentRow,
    Summary,
    page_of_payments,
    payments_summary,
)
from studio_core.people.queries import list_artists
from studio_desktop import formats
from studio_desktop.entries.controller import EntriesController
from studio_desktop.labels import walk_in_label
from studio_desktop.screens.payments.refund import RefundDialog
from studio_desktop.screens.payments.typed import TypedPayment
from studio_desktop.screens.payments.view import PaymentsView
from studio_desktop.screens.payments.writing import PaymentWriting
from studio_desktop.screens.screen import ScreenContext, TourStop


class PaymentsController(EntriesController):
    """Lives and dies with its view."""

    tables = frozenset({"payments", "clients", "users", "accounting_months"})

    def __init__(
        self, view: PaymentsView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view, PaymentWriting(view, view.form, context, today), context)
        self._view, self._today = view, today
        view.detail.correct_wanted.connect(self._on_correct)
        view.detail.refund_wanted.connect(self._on_refund)
        view.detail.void_wanted.connect(self._on_void)
        view.set_tour_stops(
            (
                TourStop("detail", self._look_at_first, self.writing.close),
                TourStop("form", self._fill_form, self.writing.leave),
            )
        )

    # What is asked

    def page(self) -> Callable[..., Any]:
        order: Any = self.view.table.order
        return partial(
            page_of_payments,
            filter=self._filter(),
            order=order,
            descending=self.view.table.descending,
        )

    def sums(self) -> Callable[..., Any]:
        return partial(payments_summary, filter=self._filter())

    def ask_more(self) -> None:
        self.context.runner.ask(self, "artists", list_artists, self._on_artists)

    def _filter(self) -> PaymentFilter:
        view = self._view
        return PaymentFilter(
            month=view.months.month(),
            search=self.search,
            method=view.methods.value(),
            artist_id=view.artists.value(),
        )

    @Slot(object)
    def _on_artists(self, artists: Any) -> None:
        self._view.set_artists(artists)

    # How it is said

    def summary_words(self, summary: Summary) -> str:
        counted = self.tr("1 payment") if summary.count == 1 else self.tr("{count} payments")
        tips = self.tr("tips {amount}").replace("{amount}", formats.money(summary.tips))
        return formats.summary(
            (
                counted.replace("{count}", formats.count(summary.count)),
                formats.money(summary.total),
                tips if summary.tips else "",
            )
        )

    def nothing_words(self, month: str | None, *, closed: bool, narrowed: bool) -> str:
        if closed:
            words = self.tr("{month} is closed. Its payments stand in its extrato.")
        elif narrowed:
            words = self.tr("No payment fits what you are looking for.")
        elif month is None:
            words = self.tr("There are no payments yet.")
        else:
            words = self.tr("No payments in {month}.")
        said = words.replace("{month}", month or "")
        return said[:1].upper() + said[1:]

    def spoken(self, row: PaymentRow) -> str:
        return formats.summary((formats.money(row.amount), row.client_name or walk_in_label()))

    # One payment

    def show_entry(self, row: PaymentRow) -> None:
        self._view.detail.show_row(row)
        title = self.tr("Payment {number}").replace("{number}", str(row.id))
        self._view.show_detail(title, with_actions=self._view.detail.has_actions())

    def entry_shown(self) -> PaymentRow | None:
        return self._view.detail.row()

    def _look_at_first(self) -> None:
        self._view.focus_list()
        row = self._view.table.current_row()
        if row is not None:
            self.show_entry(row)

    def _fill_form(self) -> None:
        """As for a picture: somebody is about to save."""
        self.writing.open_new()
        artists = self._view.artists.options()
        artist_id = artists[1] if len(artists) > 1 else None
        self._view.form.fill(
            TypedPayment("350,00", "pix", artist_id, day=formats.day(self._today()), tip="20,00")
        )

    def voiding(self, row: PaymentRow, reason: str) -> Callable[..., Any]:
        return partial(void_payment, payment_id=row.id, version=row.version, reason=reason)

    @Slot()
    def _on_correct(self) -> None:
        row = self.entry_shown()
        if row is not None:
            # The panel looks at the payment; the form takes its place.
            self.writing.open_correction(row)

    @Slot()
    def _on_refund(self) -> None:
        row = self.entry_shown()
        if row is not None:
            dialog = RefundDialog(
                self.context.theme, self.context.runner, self._view, row, self._today()
            )
            dialog.submission.saved.connect(self._on_refunded)
            dialog.open()

    @Slot()
    def _on_void(self) -> None:
        row = self.entry_shown()
        if row is not None:
            words = self.tr("{payment} stays in the list, struck, and counts nothing.")
            self.ask_reason(
                row,
                self.tr("Void this payment?"),
                words.replace("{payment}", self.spoken(row)),
                self.tr("Void the payment"),
            )

    @Slot(object)
    def on_booked(self, row: Any) -> None:
        self.say_with_undo(self.tr("Received: {entry}"), row)

    @Slot(object)
    def _on_refunded(self, row: Any) -> None:
        self.say_with_undo(self.tr("Given back: {entry}"), row)
