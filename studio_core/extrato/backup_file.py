"""The file of a backup: one zip of PostgreSQL COPY text, one entry a table, and a manifest.

An entry's SHA-256 is over its uncompressed text. The manifest also carries, of the tables that a
closing moves, the digest over their row hashes: what the database can compute again at any time.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

from studio_core.errors import RuleError
from studio_core.months import Month
from studio_core.whole_files import whole_file

FORMAT = 1
SUFFIX = ".backup.zip"
_TELL_ROWS = 1000
_MANIFEST = "manifest.json"
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)
"""What Python's reading of a damaged zip may raise: RuntimeError where it looks encrypted."""
_MONEY_COLUMN = {
    "payments": "amount",
    "commissions": "amount",
    "expenses": "amount",
    "sessions": "agreed_price",
}
MOVED = tuple(_MONEY_COLUMN)
"""The tables that a closing moves or copies; the others only name their people."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """sum: of the table's money column, as text; None where there is no money. digest: over the
    row hashes in key order; None for the tables that no closing moves."""

    columns: tuple[str, ...]
    rows: int
    sum: str | None
    sha256: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. created_at: ISO, UTC."""

    month: Month
    database: str
    revision: str
    program: str
    created_at: str
    tables: dict[str, TableEntry]

    @property
    def digests(self) -> dict[str, str]:
        return {name: entry.digest for name, entry in self.tables.items() if entry.digest}

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "year": self.month.year,
            "month": self.month.month,
            "database": self.database,
            "revision": self.revision,
            "program": self.program,
            "created_at": self.created_at,
            "tables": {
                name: {
                    "columns": list(entry.columns),
                    "rows": entry.rows,
                    "sum": entry.sum,
                    "sha256": entry.sha256,
                    "digest": entry.digest,
                }
                for name, entry in self.tables.items()
            },
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Manifest":
        """Raises KeyError, TypeError or ValueError for what is not a manifest."""
        if found["format"] != FORMAT:
            raise ValueError(f"format {found['format']}")
        return cls(
            month=Month(int(found["year"]), int(found["month"])),
            database=str(found["database"]),
            revision=str(found["revision"]),
            program=str(found["program"]),
            created_at=str(found["created_at"]),
            tables={
                str(name): TableEntry(
                    columns=tuple(entry["columns"]),
                    rows=int(entry["rows"]),
                    sum=entry["sum"],
                    sha256=str(entry["sha256"]),
                    digest=entry["digest"],
                )
                for name, entry in found["tables"].items()
            },
        )


class EntryWriter:
    """Takes one table's COPY text, and counts and hashes what passes.

    on_rows: told now and then how many there are; what it raises ends the copying.
    """

    def __init__(self, target: IO[bytes], on_rows: Callable[[int], None]) -> None:
        self._target = target
        self._on_rows = on_rows
        self._hash = hashlib.sha256()
        self._told = 0
        self.rows = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.rows += data.count(b"\n")
        if self.rows - self._told >= _TELL_ROWS:
            self._told = self.rows
            self._on_rows(self.rows)
        return self._target.write(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class BackupWriter:
    """Writes entries, then the manifest; the file appears under its name only when whole."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def entry(self, table: str, on_rows: Callable[[int], None]) -> Iterator[EntryWriter]:
        with self._archive.open(f"{table}.copy", "w", force_zip64=True) as target:
            yield EntryWriter(target, on_rows)

    def finish(self, manifest: Manifest) -> None:
        self._archive.writestr(_MANIFEST, json.dumps(manifest.to_json(), indent=1))


@contextmanager
def new_backup_file(path: Path) -> Iterator[BackupWriter]:
    """Raises StudioError: disk_full, cannot_write. Whatever fails leaves no file behind."""
    with (
        whole_file(path, kin=f"*{SUFFIX}") as raw,
        zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
    ):
        yield BackupWriter(archive)


def verified_manifest(path: Path, on_bytes: Callable[[int], None] | None = None) -> Manifest:
    """Reads the whole file and compares it with its own manifest: text, rows and sums.

    Raises RuleError: backup_unreadable, backup_corrupt.
    """
    with open_backup(path) as (archive, manifest):
        for name, entry in manifest.tables.items():
            try:
                found = _measured(archive, name, entry.columns, on_bytes)
            except (*DAMAGE, KeyError, IndexError, ValueError) as error:
                raise RuleError("backup_corrupt", name=path.name, reason=name) from error
            if found != (entry.sha256, entry.rows, entry.sum):
                raise RuleError("backup_corrupt", name=path.name, reason=name)
    return manifest


@contextmanager
def open_backup(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The file and its manifest. Raises RuleError("backup_unreadable")."""
    with opened_zip(path) as archive:
        try:
            manifest = Manifest.from_json(json.loads(archive.read(_MANIFEST)))
            if not set(MOVED) <= set(manifest.tables):
                raise ValueError("tables are missing")
        except (*DAMAGE, AttributeError, KeyError, TypeError, ValueError, RuleError) as e:
            raise RuleError("backup_unreadable", name=path.name, reason="no manifest") from e
        yield archive, manifest


def opened_zip(path: Path) -> zipfile.ZipFile:
    """A file that may be a backup, opened; the caller closes it. Raises
    RuleError("backup_unreadable")."""
    if path.exists() and not path.is_file():  # A device may never end.
        raise RuleError("backup_unreadable", name=path.name, reason="not a whole file")
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise RuleError("backup_unreadable", name=path.name, reason="no such file") from error
    except DAMAGE as error:
        raise RuleError("backup_unreadable", name=path.name, reason="not a whole file") from error


def _measured(
    archive: zipfile.ZipFile,
    table: str,
    columns: tuple[str, ...],
    on_bytes: Callable[[int], None] | None,
) -> tuple[str, int, str | None]:
    """SHA-256, rows and money of one entry, line by line; memory stays flat."""
    seen = hashlib.sha256()
    rows = 0
    total = Decimal("0.00")
    money = _MONEY_COLUMN.get(table)
    place = columns.index(money) if money is not None else -1
    with archive.open(f"{table}.copy") as source:
        for line in source:
            seen.update(line)
            rows += 1
            if place >= 0:
                value = line.rstrip(b"\n").split(b"\t")[place]
                if value != b"\\N":
                    total += _amount(value)
            if on_bytes is not None:
                on_bytes(len(line))
    return seen.hexdigest(), rows, str(total) if money is not None else None


def _amount(text: bytes) -> Decimal:
    try:
        return Decimal(text.decode("ascii"))
    except InvalidOperation as error:
        raise ValueError("not an amount") from error
