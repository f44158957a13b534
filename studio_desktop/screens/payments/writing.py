"""Typing a payment: a new one or a correction, from the first key to the answer of the database."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.errors import ConflictError, StudioError
from studio_core.findings import Finding, FindingsError
from studio_core.ledger.actions import correct_payment, record_payment
from studio_core.ledger.queries import PaymentRow, month_state
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.forms.kept import Kept
from studio_desktop.forms.submission import Submission
from studio_desktop.screens.payments.differences import differences
from studio_desktop.screens.payments.typed import (
    TypedPayment,
    from_kept,
    from_row,
    is_booked_as,
    merged,
)
from studio_desktop.screens.payments.view import PaymentsView
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

KEEP_AFTER_MS = 400
FIELDS_OF_CODES = {
    "month_closed": "paid_on",
    "month_in_closing": "paid_on",
    "date_in_future": "paid_on",
    "no_such_artist": "artist_id",
    "no_such_client": "client_id",
}


class PaymentWriting(QObject):
    """booked(PaymentRow): a new one. corrected(PaymentRow): the row that replaces the old one."""

    booked = Signal(object)
    corrected = Signal(object)

    def __init__(
        self, view: PaymentsView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view)
        self._view, self._form, self._today = view, view.form, today
        self._runner, self._notifier = context.runner, context.notifier
        person = f"{context.person.id} {context.person.email}"
        self._draft_file = Kept("payment-draft", person)
        self._last_time = Kept("payment-last-time", person)
        self._base: PaymentRow | None = None
        self._newer: PaymentRow | None = None
        self._notice_does: Callable[[], object] | None = None
        self._closed_form: tuple[TypedPayment, PaymentRow | None, UUID] | None = None
        self._submission = Submission(context.runner, self)
        self._keep_pause = QTimer(self)
        self._keep_pause.setSingleShot(True)
        self._keep_pause.setInterval(KEEP_AFTER_MS)
        self._keep_pause.timeout.connect(self._keep)
        self._connect()

    def _connect(self) -> None:
        view, form = self._view, self._form
        view.reload_wanted.connect(self.restore)
        view.new_wanted.connect(self.open_new)
        view.save_wanted.connect(self.save)
        view.closing_wanted.connect(self.close)
        view.watch_unsaved(self.has_unsaved)
        form.edited.connect(self._on_edited)
        form.day_named.connect(self._on_day_named)
        form.notice.wanted.connect(self._on_notice)
        self._submission.saved.connect(self._on_saved)
        self._submission.refused.connect(self._on_refused)
        self._submission.lost.connect(self._on_lost)

    def has_unsaved(self) -> bool:
        return self._view.shows_form() and (self._form.is_edited() or self._submission.unanswered)

    # Opening

    @Slot()
    def open_new(self) -> None:
        """A walk-in is an amount away: artist and method are those of last time, the day today."""
        if self._view.shows_form():
            self._form.amount.setFocus()
            return
        last = from_kept(self._last_time.load())
        self._open(
            TypedPayment(
                method=last.method, artist_id=last.artist_id, day=formats.day(self._today())
            )
        )

    def open_correction(self, row: PaymentRow) -> None:
        if not self._view.shows_form():
            self._open(from_row(row), row)

    @Slot()
    def restore(self) -> None:
        """What was typed when the program ended without saving it."""
        kept = self._draft_file.load()
        if not kept or self._view.shows_form() or not self._view.may_write:
            return
        self._open(TypedPayment(day=formats.day(self._today())))
        self._form.fill(from_kept(kept))
        request_id = kept.get("request_id")
        if isinstance(request_id, str):
            self._submission.begin(UUID(request_id))
        self._say(
            self.tr("Restored what you were typing."), "accent", self.tr("Discard"), self._discard
        )

    def _open(self, typed: TypedPayment, base: PaymentRow | None = None) -> None:
        self._base, self._newer = base, None
        self._submission.begin()
        self._form.start(typed, base)
        self._hush()
        correcting = base is not None
        self._form.help.setVisible(correcting)
        self._form.help.setText(
            self.tr("Saving voids the payment as it stands and books this one in its place.")
        )
        title = self.tr("Correct payment") if correcting else self.tr("New payment")
        self._view.save.set_words(self.tr("Save"), "Ctrl+Return")
        self._view.show_form(title)
        self._form.amount.setFocus()
        if correcting:
            self._form.amount.selectAll()

    # Closing

    @Slot()
    def close(self) -> None:
        """Esc, Cancel or the cross: what was typed can be brought back for a moment."""
        if self._submission.busy:
            self._view.show_form(self._view.panel.accessibleName())
            return
        was_form = self._view.panel.content() is self._form
        edited = was_form and (self._form.is_edited() or self._submission.unanswered)
        if edited:
            self._closed_form = (self._form.typed(), self._base, self._submission.request_id)
        self._leave()
        if edited:
            self._notifier.info(
                self.tr("The form was closed without saving."), undo=self.bring_back
            )

    @Slot()
    def bring_back(self) -> None:
        if self._closed_form is None or self._view.shows_form():
            return
        typed, base, request_id = self._closed_form
        self._closed_form = None
        self._open(from_row(base) if base is not None else self._empty(), base)
        self._form.fill(typed)
        self._submission.begin(request_id)
        self._on_edited()

    def _leave(self) -> None:
        self._keep_pause.stop()
        self._draft_file.clear()
        if self._view.panel.content() is self._form:
            self._form.start(self._empty())
        self._view.panel.hide()
        self._view.table.setFocus()

    def _discard(self) -> None:
        self._leave()

    def _empty(self) -> TypedPayment:
        return TypedPayment(day=formats.day(self._today()))

    # Typing

    @Slot()
    def _on_edited(self) -> None:
        if self._base is None:
            self._keep_pause.start()

    @Slot()
    def _keep(self) -> None:
        """A copy for after a crash, with the request under which it may have been sent."""
        if not self._view.shows_form() or self._base is not None:
            return
        typed = self._form.typed()
        if self._form.is_edited():
            request = {"request_id": str(self._submission.request_id)}
            self._draft_file.save(typed.as_kept() | request)
        else:
            self._draft_file.clear()

    @Slot(object)
    def _on_day_named(self, day: Any) -> None:
        """day: a date or None."""
        if day is None or not 2000 <= day.year <= 2100:
            self._form.set_month_closed(None)
            return
        self._day_asked = day
        self._runner.ask(
            self,
            "month",
            partial(month_state, month=Month.of(day)),
            self._on_month_state,
            self._on_month_unknown,
        )

    @Slot(object)
    def _on_month_state(self, state: str) -> None:
        label = Month.of(self._day_asked).label
        closed = Finding("paid_on", "month_closed", {"month": label})
        self._form.set_month_closed(closed if state == "closed" else None)

    @Slot(object)
    def _on_month_unknown(self, _error: Any) -> None:
        """Saving will tell."""

    # Saving

    @Slot()
    def save(self) -> None:
        if not self._view.shows_form() or self._submission.busy:
            return
        if not self._form.show_all():
            return
        draft, base = self._form.draft(), self._base
        self._keep_pause.stop()
        self._keep()
        action: Any = partial(record_payment, draft=draft)
        if base is not None:
            action = partial(correct_payment, payment_id=base.id, version=base.version, draft=draft)
        self._sent = draft
        if self._submission.send(action):
            self._hush()
            self._view.set_saving(True)

    @Slot(object)
    def _on_saved(self, row: Any) -> None:
        self._view.set_saving(False)
        if not is_booked_as(self._sent, row):
            self._go_on_as_correction(row)
            return
        was_correction = self._base is not None
        if not was_correction:
            last = {"method": row.method, "artist_id": row.artist_id}
            self._last_time.save(last)
        self._leave()
        (self.corrected if was_correction else self.booked).emit(row)

    def _go_on_as_correction(self, row: PaymentRow) -> None:
        """The first try had been done after all, and the form was changed before the second."""
        typed = self._form.typed()
        self._draft_file.clear()
        self._open(from_row(row), row)
        self._form.fill(typed)
        words = self.tr(
            "The first try was booked after all, as {payment}. Save once more to correct it."
        )
        self._say(words.replace("{payment}", formats.money(row.amount)), "warning")

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._view.set_saving(False)
        if isinstance(error, FindingsError):
            homeless = self._form.show_findings(error.findings)
            if homeless:
                self._say(" ".join(homeless), "danger")
            self._form.form.focus_first_error()
        elif isinstance(error, ConflictError) and isinstance(
            error.params.get("current"), PaymentRow
        ):
            self._on_conflict(error)
        elif error.code in FIELDS_OF_CODES:
            field = self._form.form.field(FIELDS_OF_CODES[error.code])
            field.set_error(error)
            field.control.setFocus()
        else:
            self._say(sentence_of(error), "danger")

    def _on_conflict(self, error: ConflictError) -> None:
        current: Any = error.params["current"]
        assert self._base is not None, "only a correction meets somebody else's change"
        self._newer = current
        changed = differences(self._base, current)
        words = self.tr("Somebody changed this payment meanwhile: {changes}.")
        self._say(
            words.replace("{changes}", changed or "…"),
            "warning",
            self.tr("Take that over"),
            self._take_over,
        )

    def _take_over(self) -> None:
        newer, base = self._newer, self._base
        if newer is None or base is None:
            return
        typed = merged(self._form.typed(), from_row(base), from_row(newer))
        self._open(from_row(newer), newer)
        self._form.fill(typed)

    @Slot(object)
    def _on_lost(self, error: Any) -> None:
        self._view.set_saving(False)
        kept = self.tr("What you typed is kept; trying again never books it twice.")
        self._say(f"{sentence_of(error)} {kept}", "danger", self.tr("Try again"), self.save)
        self._view.save.set_words(self.tr("Try again"), "Ctrl+Return")

    # The notice above the form

    def _say(
        self,
        words: str,
        tone: Any,
        action: str | None = None,
        does: Callable[[], object] | None = None,
    ) -> None:
        self._notice_does = does
        self._form.notice.say(words, tone, action)

    def _hush(self) -> None:
        self._notice_does = None
        self._form.notice.hide()

    @Slot()
    def _on_notice(self) -> None:
        if self._notice_does is not None:
            self._notice_does()
