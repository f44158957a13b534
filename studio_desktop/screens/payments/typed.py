"""A payment as it stands in the form: what is typed, before it means anything."""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

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

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


def from_kept(kept: dict[str, Any]) -> TypedPayment:
    """Whatever of it is still understood."""
    known = {field.name: field.type for field in fields(TypedPayment)}
    ids = ("artist_id", "client_id")
    taken: dict[str, Any] = {
        name: value
        for name, value in kept.items()
        if name in known and isinstance(value, int if name in ids else str)
    }
    return TypedPayment(**taken)


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


def merged(typed: TypedPayment, before: TypedPayment, now: TypedPayment) -> TypedPayment:
    """What the person changed stays; the rest follows what somebody else made of it meanwhile."""
    mine, old, new = asdict(typed), asdict(before), asdict(now)
    kept = {name: mine[name] if mine[name] != old[name] else new[name] for name in mine}
    # A client is a name and an id; they go together.
    if typed.client_id != before.client_id:
        kept |= {"client": typed.client, "client_id": typed.client_id}
    else:
        kept |= {"client": now.client, "client_id": now.client_id}
    return TypedPayment(**kept)


def is_booked_as(draft: PaymentDraft, row: PaymentRow) -> bool:
    """False when a lost first try booked something that was changed in the form since."""
    return (
        row.amount == draft.amount
        and row.tip_amount == draft.tip_amount
        and row.paid_on == draft.paid_on
        and row.method == draft.method
        and row.artist_id == draft.artist_id
        and row.client_id == draft.client_id
        and (row.notes or "") == (draft.notes or "").strip()
    )


ZERO = Decimal("0.00")
