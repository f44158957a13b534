"""What came from where, and the bulk writing of what is new."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from studio_core.db.base import Base
from studio_core.legacy.models import LegacyRow

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A legacy row that is here already: our id, and the digest of what was read then."""

    row_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from: legacy table, key in it, digest of what was read."""

    table: str
    key: str
    digest: str


class Memory:
    """The table legacy_rows, through the transaction of the import."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, table: str, keys: Iterable[object]) -> dict[str, Known]:
        wanted = {str(key) for key in keys if key is not None}
        if not wanted:
            return {}
        found = self._session.execute(
            select(LegacyRow.legacy_key, LegacyRow.row_id, LegacyRow.digest).where(
                LegacyRow.table_name == table, LegacyRow.legacy_key.in_(wanted)
            )
        )
        return {key: Known(row_id, digest) for key, row_id, digest in found}

    def ids(self, table: str, keys: Iterable[object]) -> dict[int, int]:
        """Our ids by legacy id, for references from other rows."""
        return {int(key): known.row_id for key, known in self.known(table, keys).items()}

    def rows_of(self, table: str, ids: Iterable[int]) -> set[int]:
        """Those of our ids that came from a legacy table."""
        return set(
            self._session.scalars(
                select(LegacyRow.row_id).where(
                    LegacyRow.table_name == table, LegacyRow.row_id.in_(list(ids))
                )
            )
        )

    def remember(self, rows: Sequence[tuple[Origin, int]]) -> None:
        if not rows:
            return
        self._session.execute(
            insert(LegacyRow.__table__),  # type: ignore[arg-type]  # A Table, typed as FromClause.
            [
                {
                    "table_name": origin.table,
                    "legacy_key": origin.key,
                    "row_id": row_id,
                    "digest": origin.digest,
                }
                for origin, row_id in rows
            ],
        )

    def write(self, model: type[Base], rows: Sequence[Values]) -> list[int]:
        """Inserts many rows in few statements. Returns their ids in the order given."""
        if not rows:
            return []
        table: Any = model.__table__
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(self._session.execute(statement, rows).scalars())


def digest_of(row: Mapping[str, object], columns: Iterable[str]) -> str:
    """SHA-256 of what was read of a legacy row."""
    values = [None if row[name] is None else str(row[name]) for name in columns]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
