"""Finding what was changed in closed months: rows against their hashes, months against their
digests, the chain of extratos against its order, and what stands where nothing may."""

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from studio_core.db.time_outs import allow_long_work
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
_DAY = {
    "payments": "paid_on",
    "commissions": "accrued_on",
    "expenses": "spent_on",
    "sessions": "(starts_at AT TIME ZONE studio.zone())::date",
}
_EXTRATO_IN_FORCE = "SELECT FROM extratos e WHERE e.id = extrato_id AND superseded_at IS NULL"
_STRAY_ARCHIVED = (
    "SELECT id, {day} AS day, coalesce((SELECT version FROM extratos WHERE id = extrato_id), 0)"
    " AS version FROM archive.{name} WHERE NOT EXISTS ({in_force})"
)
_STRAY_LIVE = (
    "SELECT id, {day}, 0 FROM accounting_months JOIN public.{name}"
    " ON {day} >= month_start AND {day} < month_start + interval '1 month' WHERE state = 'closed'"
)
# A session is copied, so its live row stays.
_STRAY_ROW = {
    name: text(
        " UNION ALL ".join(
            part.format(name=name, day=_DAY[name], in_force=_EXTRATO_IN_FORCE)
            for part in (_STRAY_ARCHIVED, *([] if name == "sessions" else [_STRAY_LIVE]))
        )
        + " ORDER BY id LIMIT 1"
    )
    for name in MOVED
}
_WRONG_STATE = text(
    "SELECT month_start, coalesce(version, 0) AS version FROM accounting_months m"
    " LEFT JOIN extratos e ON superseded_at IS NULL"
    "  AND e.year * 100 + e.month = to_char(month_start, 'YYYYMM')::integer"
    " WHERE (state = 'closed') <> (e.id IS NOT NULL) ORDER BY month_start"
)
_COMPUTED_DIGEST = text(
    "SELECT studio.extrato_digest(e) FROM public.extratos e WHERE id = :extrato"
)
_CODES = {
    "row": "tampered_row",
    "rows": "tampered_rows",
    "header": "tampered_header",
    "chain": "tampered_chain",
    "stray": "tampered_stray",
    "state": "tampered_state",
}
TAMPERING_CODES = frozenset(_CODES.values())


@dataclass(frozen=True, slots=True)
class Tampering:
    """What does not agree. what: row (with table and row_id), rows (some are missing or were
    added), header (totals or digest), chain (the extrato before it), stray (an archived row that
    no extrato in force counts, or a live row of a closed month) or state (a month is closed
    without an extrato in force, or the other way round; version 0 where there is none)."""

    month: Month
    version: int
    what: str
    table: str | None = None
    row_id: int | None = None

    @property
    def code(self) -> str:
        """A key of SENTENCES, one of TAMPERING_CODES."""
        return _CODES[self.what]

    @property
    def params(self) -> dict[str, object]:
        """The values of that sentence."""
        found: dict[str, object] = {"month": self.month.label, "version": self.version}
        if self.table is not None:
            found["table"] = self.table
        if self.row_id is not None:
            found["row"] = self.row_id
        return found


def verify_chain(session: Session) -> tuple[Tampering, ...]:
    """Everything that was tampered with, in closing order; empty when all is as it was closed.

    Of a superseded version only header and place in the chain can be checked: its rows went on
    into the next version.
    """
    allow_long_work(session)
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
    return (*found, *_strays(session), *_wrong_states(session))


def _strays(session: Session) -> list[Tampering]:
    """The first row of each table that stands where none may."""
    found = []
    for name, question in _STRAY_ROW.items():
        row = session.execute(question).one_or_none()
        if row is not None:
            found.append(Tampering(Month.of(row.day), row.version, "stray", name, row.id))
    return found


def _wrong_states(session: Session) -> list[Tampering]:
    """The last extrato, taken away with its rows, leaves no gap in the chain but a closed month."""
    return [
        Tampering(Month.of(row.month_start), row.version, "state")
        for row in session.execute(_WRONG_STATE)
    ]


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
