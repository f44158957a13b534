"""Finding what was changed in closed months: rows against their hashes, months against their
digests, and the chain of extratos against its order."""

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from studio_core.extrato.backup_file import MOVED
from studio_core.extrato.models import Extrato
from studio_core.months import Month

# A hash function takes the whole row of its table, which only plain SQL can say.
_CHANGED_ROW = {
    name: text(
        f"SELECT min(id) FROM archive.{name} p"  # noqa: S608  Our own four table names.
        " WHERE extrato_id = :extrato AND row_hash <> studio.row_hash(p)"
    )
    for name in MOVED
}
_COMPUTED_DIGEST = text(
    "SELECT studio.extrato_digest(e) FROM public.extratos e WHERE id = :extrato"
)


@dataclass(frozen=True, slots=True)
class Tampering:
    """What does not agree. what: row (with table and row_id), rows (some are missing or were
    added), header (totals or digest) or chain (the extrato before it)."""

    month: Month
    version: int
    what: str
    table: str | None = None
    row_id: int | None = None


def verify_chain(session: Session) -> tuple[Tampering, ...]:
    """Everything that was tampered with, in closing order; empty when all is as it was closed.

    Of a superseded version only header and place in the chain can be checked: its rows went on
    into the next version.
    """
    found: list[Tampering] = []
    previous = ""
    order = 0
    for extrato in session.scalars(select(Extrato).order_by(Extrato.closing_order)):
        order += 1
        if extrato.previous_digest != previous or extrato.closing_order != order:
            found.append(_tampering(extrato, "chain"))
            order = extrato.closing_order
        if extrato.superseded_at is None:
            found += _changed_rows(session, extrato)
        computed = session.scalar(_COMPUTED_DIGEST, {"extrato": extrato.id})
        if computed != extrato.digest:
            found.append(_tampering(extrato, "header"))
        previous = extrato.digest
    return tuple(found)


def _changed_rows(session: Session, extrato: Extrato) -> list[Tampering]:
    found = []
    for name in MOVED:
        row_id = session.scalar(_CHANGED_ROW[name], {"extrato": extrato.id})
        if row_id is not None:
            found.append(_tampering(extrato, "row", name, row_id))
    if found:
        return found
    held = session.scalars(select(func.studio.archived_rows(extrato.id))).one()
    return [
        _tampering(extrato, "rows", name)
        for name in MOVED
        if held[name] != extrato.table_digests[name]
    ]


def _tampering(
    extrato: Extrato, what: str, table: str | None = None, row_id: int | None = None
) -> Tampering:
    return Tampering(Month(extrato.year, extrato.month), extrato.version, what, table, row_id)
