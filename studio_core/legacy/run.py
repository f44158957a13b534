"""One run of the import: what all its steps share, and the loop that brings a table over."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from studio_core.db.base import Base
from studio_core.extrato.runs import OnProgress, Progress
from studio_core.legacy.memory import Memory, Origin, Values, digest_of
from studio_core.legacy.report import Notebook
from studio_core.legacy.source import COLUMNS, LegacySource, Row
from studio_core.legacy.tidying import month_label

_ROWS_A_BATCH = 1000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Existing:
    """The row here that a legacy row is the same as."""

    row_id: int


Converted = Values | Existing | None
"""A row to write, one that is here already, or None for one left out (its finding is noted)."""

Convert = Callable[[list[Row]], Sequence[Converted]]


@dataclass
class Run:
    """zone, today: the studio's. closed_here: first days of the months that are closed with us;
    closed_there: labels of those that the legacy system closed."""

    session: Session
    source: LegacySource
    notes: Notebook
    zone: ZoneInfo
    today: date
    closed_here: frozenset[date]
    closed_there: frozenset[str]
    on_progress: OnProgress
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.session)

    def find(self, kind: str, table: str, key: object, sentence: str) -> None:
        self.notes.find(kind, table, key, sentence)

    def is_closed_here(self, day: date) -> bool:
        return day.replace(day=1) in self.closed_here

    def is_closed_there(self, day: date) -> bool:
        return month_label(day) in self.closed_there


def import_table(
    run: Run,
    table: str,
    model: type[Base],
    convert: Convert,
    *,
    seen: Callable[[list[Row]], None] | None = None,
    written: Callable[[list[Row], list[int]], None] | None = None,
) -> None:
    """Writes the rows of a legacy table that are new, in batches; reports those that changed.

    seen: called for every batch that was read, new or not, when it is written.
    written: called with the rows that were new and our ids of them.
    """
    total = run.source.count(table)
    done = 0
    run.notes.count(table, "read", 0)
    run.on_progress(Progress(table, 0, total))
    columns = [name for group in COLUMNS[table] for name in group]
    for batch in batched(run.source.rows(table)):
        origins = [Origin(table, str(row["id"]), digest_of(row, columns)) for row in batch]
        known = run.memory.known(table, (origin.key for origin in origins))
        new: list[tuple[Origin, Row]] = []
        for origin, row in zip(origins, batch, strict=True):
            if origin.key not in known:
                new.append((origin, row))
            elif known[origin.key].digest != origin.digest:
                run.find(
                    "changed_since",
                    table,
                    origin.key,
                    "The row was changed in the old system after it was imported. "
                    "What was imported stands.",
                )
        run.notes.count(table, "read", len(batch))
        run.notes.count(table, "already_there", len(batch) - len(new))
        rows = [row for _, row in new]
        ids = write_converted(run, table, model, [origin for origin, _ in new], convert(rows))
        if written is not None:
            pairs = [(row, i) for row, i in zip(rows, ids, strict=True) if i is not None]
            written([row for row, _ in pairs], [i for _, i in pairs])
        if seen is not None:
            seen(batch)
        done += len(batch)
        run.on_progress(Progress(table, done, total))


def write_converted(
    run: Run,
    table: str,
    model: type[Base],
    origins: Sequence[Origin],
    converted: Sequence[Converted],
) -> list[int | None]:
    """Writes, remembers and counts. Returns our id of each row, None for one left out."""
    ids: list[int | None] = [
        item.row_id if isinstance(item, Existing) else None for item in converted
    ]
    places = [place for place, item in enumerate(converted) if isinstance(item, dict)]
    written = run.memory.write(model, [item for item in converted if isinstance(item, dict)])
    for place, row_id in zip(places, written, strict=True):
        ids[place] = row_id
    run.memory.remember(
        [
            (origin, row_id)
            for origin, row_id in zip(origins, ids, strict=True)
            if row_id is not None
        ]
    )
    run.notes.count(table, "imported", len(written))
    run.notes.count(table, "left_out", ids.count(None))
    run.notes.count(table, "already_there", len(ids) - len(written) - ids.count(None))
    return ids


def batched(items: Iterable[Item], size: int = _ROWS_A_BATCH) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
