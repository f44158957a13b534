"""What is special about typing a payment."""

from collections.abc import Callable
from functools import partial
from typing import Any

from studio_core.ledger.actions import correct_payment, record_payment
from studio_core.ledger.queries import PaymentRow
from studio_core.ledger.rules import PaymentDraft
from studio_desktop import formats
from studio_desktop.entries.typed import from_kept
from studio_desktop.entries.writing import EntryWriting
from studio_desktop.screens.payments.differences import differences
from studio_desktop.screens.payments.typed import TypedPayment, from_row, is_booked_as


class PaymentWriting(EntryWriting):
    """A walk-in is an amount away: artist and method are those of last time, the day today."""

    def empty(self, last_time: dict[str, Any]) -> TypedPayment:
        last = from_kept(TypedPayment, last_time)
        return TypedPayment(
            method=last.method, artist_id=last.artist_id, day=formats.day(self.today())
        )

    def from_kept(self, kept: dict[str, Any]) -> TypedPayment:
        return from_kept(TypedPayment, kept)

    def from_row(self, row: PaymentRow) -> TypedPayment:
        return from_row(row)

    def remembered(self, row: PaymentRow) -> dict[str, Any]:
        return {"method": row.method, "artist_id": row.artist_id}

    def booking(self, draft: PaymentDraft) -> Callable[..., Any]:
        return partial(record_payment, draft=draft)

    def correction(self, base: PaymentRow, draft: PaymentDraft) -> Callable[..., Any]:
        return partial(correct_payment, payment_id=base.id, version=base.version, draft=draft)

    def is_booked_as(self, draft: PaymentDraft, row: PaymentRow) -> bool:
        return is_booked_as(draft, row)

    def differences(self, before: PaymentRow, now: PaymentRow) -> str:
        return differences(before, now)

    def title(self, *, correcting: bool) -> str:
        return self.tr("Correct payment") if correcting else self.tr("New payment")
