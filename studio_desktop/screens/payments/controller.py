"""What the list of payments shows, and what is done with the one chosen."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_core.errors import StudioError
from studio_core.ledger.actions import void_payment
from studio_core.ledger.queries import (
    PaymentFilter,
    PaymentRow,
    Summary,
    month_state,
    page_of_payments,
    payments_summary,
)
from studio_core.people.queries import Artist, list_artists
from studio_desktop import formats
from studio_desktop.forms.reason_dialog import ReasonDialog
from studio_desktop.forms.undo import Undoable
from studio_desktop.labels import walk_in_label
from studio_desktop.models.paged import PagedRows
from studio_desktop.screens.payments.refund import RefundDialog
from studio_desktop.screens.payments.view import PaymentsView
from studio_desktop.screens.payments.writing import PaymentWriting
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

SEARCH_PAUSE_MS = 120
TABLES_SHOWN = frozenset({"payments", "clients", "users", "accounting_months"})


class PaymentsController(QObject):
    """Lives and dies with its view."""

    def __init__(
        self, view: PaymentsView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view)
        self._view, self._context, self._today = view, context, today
        self._runner, self._notifier = context.runner, context.notifier
        self._search = ""
        self._state = "open"
        self._wanted_id: int | None = None
        self._rows = PagedRows(self._runner, view.model, self)
        self._undoable = Undoable(self._runner, self)
        self.writing = PaymentWriting(view, context, today)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._show)
        self._connect()

    def _connect(self) -> None:
        view = self._view
        view.reload_wanted.connect(self.reload)
        view.search_changed.connect(self._on_search)
        view.filter_changed.connect(self._show)
        view.table.order_changed.connect(self._show)
        view.table.row_opened.connect(self._on_opened)
        view.table.row_chosen.connect(self._on_chosen)
        view.empty.wanted.connect(self._on_empty_action)
        view.undo_wanted.connect(self._undoable.undo_last)
        view.detail.correct_wanted.connect(self._on_correct)
        view.detail.refund_wanted.connect(self._on_refund)
        view.detail.void_wanted.connect(self._on_void)
        self._rows.shown.connect(self._on_shown)
        self._rows.refused.connect(self._on_refused)
        self._undoable.undone.connect(self._on_undone)
        self._undoable.refused.connect(self._notifier.error)
        self.writing.booked.connect(self._on_booked)
        self.writing.corrected.connect(self._on_corrected)
        self._context.changes.changed.connect(self._on_changed)
        self._context.changes.caught_up.connect(self.reload)

    # Reading

    @Slot()
    def reload(self) -> None:
        """Everything shown, anew."""
        self._runner.ask(self, "artists", list_artists, self._on_artists)
        self._show()

    @Slot()
    def _show(self) -> None:
        self._pause.stop()
        table = self._view.table
        order: Any = table.order
        question: Any = partial(
            page_of_payments,
            filter=self._filter(),
            order=order,
            descending=table.descending,
        )
        self._rows.ask(question)
        self._ask_summary()

    def _ask_summary(self) -> None:
        shown = self._filter()
        month = shown.month
        if month is None:
            self._state = "open"
        else:
            self._runner.ask(
                self, "state", partial(month_state, month=month), self._on_state, self._on_quiet
            )
        self._runner.ask(
            self,
            "summary",
            partial(payments_summary, filter=shown),
            self._on_summary,
            self._on_quiet,
        )

    def _filter(self) -> PaymentFilter:
        view = self._view
        return PaymentFilter(
            month=view.months.month(),
            search=self._search,
            method=view.methods.value(),
            artist_id=view.artists.value(),
        )

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self._search = text.strip()
        self._pause.start()

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        tables = {change.table for change in changes}
        if tables & TABLES_SHOWN:
            self._rows.refresh_soon()
            self._ask_summary()
        if "users" in tables:
            self._runner.ask(self, "artists", list_artists, self._on_artists)

    @Slot(object)
    def _on_artists(self, artists: tuple[Artist, ...]) -> None:
        self._view.set_artists(artists)

    @Slot(object)
    def _on_summary(self, summary: Summary) -> None:
        one, many = self.tr("1 payment"), self.tr("{count} payments")
        counted = one if summary.count == 1 else many
        tips = self.tr("tips {amount}").replace("{amount}", formats.money(summary.tips))
        self._view.set_summary(
            formats.summary(
                (
                    counted.replace("{count}", formats.count(summary.count)),
                    formats.money(summary.total),
                    tips if summary.tips else "",
                )
            )
        )

    @Slot(object)
    def _on_state(self, state: str) -> None:
        self._state = state
        self._say_why_empty()

    @Slot(object)
    def _on_quiet(self, _error: Any) -> None:
        """The list itself says what is wrong."""

    @Slot(bool)
    def _on_shown(self, anew: bool) -> None:
        view = self._view
        if anew:
            view.table.scrollToTop()
        wanted, self._wanted_id = self._wanted_id, None
        if wanted is not None:
            view.table.choose(wanted)
        if view.shows_detail():
            self._follow_detail()
        self._say_why_empty()

    def _follow_detail(self) -> None:
        """The payment looked at may have been changed elsewhere."""
        looked_at = self._view.detail.row()
        position = self._view.model.position_of(looked_at.id) if looked_at is not None else None
        now = self._view.model.row(position) if position is not None else None
        if now is not None and now != looked_at:
            self._view.detail.show_row(now)
            self._view.show_detail()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        if self._view.model.rows:
            self._notifier.error(error)
            return
        self._view.empty.set_words(sentence_of(error), self.tr("Try again"), "alert")
        self._view.card.show_instead(self._view.empty)

    # An empty list

    def _say_why_empty(self) -> None:
        view = self._view
        if view.model.rows:
            view.card.show_instead(None)
            return
        sentence, action = self._why_empty()
        view.empty.set_words(sentence, action, "payments")
        view.card.show_instead(view.empty)

    def _why_empty(self) -> tuple[str, str | None]:
        month = self._view.months.month()
        name = formats.month(month.year, month.month) if month is not None else ""
        if month is not None and self._state == "closed":
            words = self.tr("{month} is closed. Its payments stand in its extrato.")
            return words.replace("{month}", name), None
        if self._search or self._view.is_narrowed():
            return self.tr("No payment fits what you are looking for."), self.tr("Clear filters")
        new = self.tr("New payment") if self._view.may_write else None
        if month is None:
            return self.tr("There are no payments yet."), new
        return self.tr("No payments in {month}.").replace("{month}", name), new

    @Slot()
    def _on_empty_action(self) -> None:
        if self._view.is_narrowed():
            self._view.clear_filters()
        elif self._search or not self._view.may_write:
            self.reload()
        else:
            self.writing.open_new()

    # One payment

    @Slot(object)
    def _on_opened(self, row: Any) -> None:
        if self._view.shows_form():
            return
        self._view.detail.show_row(row)
        self._view.show_detail()

    @Slot(object)
    def _on_chosen(self, row: Any) -> None:
        if row is not None and self._view.shows_detail():
            self._view.detail.show_row(row)
            self._view.show_detail()

    @Slot()
    def _on_correct(self) -> None:
        row = self._view.detail.row()
        if row is not None:
            self.writing.open_correction(row)

    @Slot()
    def _on_refund(self) -> None:
        row = self._view.detail.row()
        if row is None:
            return
        dialog = RefundDialog(self._context.theme, self._runner, self._view, row, self._today())
        dialog.submission.saved.connect(self._on_refunded)
        dialog.open()

    @Slot()
    def _on_void(self) -> None:
        row = self._view.detail.row()
        if row is None:
            return
        words = self.tr("{payment} stays in the list, struck, and counts nothing.")
        dialog = ReasonDialog(
            self._context.theme,
            self._runner,
            self._view,
            self.tr("Void this payment?"),
            words.replace("{payment}", spoken(row)),
            self.tr("Void the payment"),
        )
        self._voiding = _Voiding(dialog, row)
        dialog.submission.saved.connect(self._on_voided)
        dialog.open()

    # What was done

    @Slot(object)
    def _on_booked(self, row: Any) -> None:
        self._say_with_undo(self.tr("Received: {payment}"), row)

    @Slot(object)
    def _on_refunded(self, row: Any) -> None:
        self._say_with_undo(self.tr("Given back: {payment}"), row)

    @Slot(object)
    def _on_corrected(self, row: Any) -> None:
        self._say(self.tr("Corrected: {payment}"), row)

    @Slot(object)
    def _on_voided(self, row: Any) -> None:
        self._say(self.tr("Voided: {payment}"), row)

    @Slot(object)
    def _on_undone(self, row: Any) -> None:
        self._say(self.tr("Taken back: {payment}"), row)

    def _say_with_undo(self, words: str, row: PaymentRow) -> None:
        void: Any = partial(
            void_payment,
            payment_id=row.id,
            version=row.version,
            reason=self.tr("Undone right after booking"),
        )
        self._notifier.info(
            words.replace("{payment}", spoken(row)), undo=self._undoable.remember(void).run
        )
        self._seek(row)

    def _say(self, words: str, row: PaymentRow) -> None:
        self._notifier.info(words.replace("{payment}", spoken(row)))
        self._seek(row)

    def _seek(self, row: PaymentRow) -> None:
        """Read anew and choose the row, so that the eye finds it."""
        self._wanted_id = row.id
        self._rows.refresh()
        self._ask_summary()
        if not self._view.shows_form():
            self._view.table.setFocus()


class _Voiding(QObject):
    """A dialog's payment; it goes when the dialog goes."""

    def __init__(self, dialog: ReasonDialog, row: PaymentRow) -> None:
        super().__init__(dialog)
        self._dialog, self._row = dialog, row
        dialog.reason_given.connect(self._on_reason)

    @Slot(str)
    def _on_reason(self, reason: str) -> None:
        row = self._row
        self._dialog.send(
            partial(void_payment, payment_id=row.id, version=row.version, reason=reason)
        )


def spoken(row: PaymentRow) -> str:
    """R$ 200,00 · Beatriz Nóbrega."""
    return formats.summary((formats.money(row.amount), row.client_name or walk_in_label()))
