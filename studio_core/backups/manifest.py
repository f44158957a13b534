"""What a backup of the whole database says of itself."""

from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class TableCount:
    """rows, and a digest over their stored values that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of the entries of the file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FullManifest:
    """server, server_major: of the database; dumped_by: the major version of pg_dump.

    created_at: ISO, UTC. newest_extrato: the digest that the chain of extratos ends with; None
    where no month was ever closed. tables: by quoted name with its schema. parts: by entry.
    """

    database: str
    revision: str
    program: str
    server: str
    server_major: int
    dumped_by: int
    created_at: str
    newest_extrato: str | None
    tables: dict[str, TableCount]
    parts: dict[str, Part]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> dict[str, Any]:
        return {"kind": "full", "format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "FullManifest":
        """Raises KeyError, TypeError or ValueError for what is not such a manifest."""
        if found["kind"] != "full" or found["format"] != FORMAT:
            raise ValueError(f"{found['kind']} {found['format']}")
        newest = found["newest_extrato"]
        return cls(
            database=str(found["database"]),
            revision=str(found["revision"]),
            program=str(found["program"]),
            server=str(found["server"]),
            server_major=int(found["server_major"]),
            dumped_by=int(found["dumped_by"]),
            created_at=str(found["created_at"]),
            newest_extrato=None if newest is None else str(newest),
            tables={
                str(name): TableCount(int(table["rows"]), str(table["digest"]))
                for name, table in found["tables"].items()
            },
            parts={
                str(name): Part(int(part["bytes"]), str(part["sha256"]))
                for name, part in found["parts"].items()
            },
        )
