"""A payment as it stands in the form: what is typed, before it means anything."""

from dataclasses import dataclass

from studio_core.ledger.queries import PaymentRow
from studio_core.ledger.rules import PaymentDraft
from studio_desktop import formats


@dataclass(frozen=True)
class TypedPayment:
    """amount, tip, day: as typed. client: the words in the box; client_id: who was chosen."""

    amount: str = ""
    method: str | None = None
    artist_id: int | None = None
    client_id: int | None = None
    client: str = ""
    day: str = ""
    tip: str = ""
    notes: str = ""


def from_row(row: PaymentRow) -> TypedPayment:
    return TypedPayment(
        amount=formats.figure(row.amount),
        method=row.method,
        artist_id=row.artist_id,
        client_id=row.client_id,
        client=row.client_name or "",
        day=formats.day(row.paid_on),
        tip=formats.figure(row.tip_amount) if row.tip_amount else "",
        notes=row.notes or "",
    )


def is_booked_as(draft: PaymentDraft, row: PaymentRow) -> bool:
    """False when the row is not what stands in the form now."""
    return (
        row.amount == draft.amount
        and row.tip_amount == draft.tip_amount
        and row.paid_on == draft.paid_on
        and row.method == draft.method
        and row.artist_id == draft.artist_id
        and row.client_id == draft.client_id
        and (row.notes or "") == (draft.notes or "").strip()
    )
