"""The file of a full backup: a zip of pg_dump's archive, the studio's logins, and a manifest.

pg_dump compresses by itself, so the zip only stores. It holds what people's passwords are checked
with: it is for its owner alone, as the database's own files are.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from studio_core.backups.logins import Surroundings
from studio_core.backups.manifest import FullManifest, Part
from studio_core.errors import RuleError
from studio_core.extrato.backup_file import DAMAGE, opened_zip
from studio_core.whole_files import whole_file

SUFFIX = ".full.zip"
DUMP, _SURROUNDINGS, _MANIFEST = "database.dump", "surroundings.json", "manifest.json"
_PIECE = 256 * 1024


class PartWriter:
    """Counts and hashes what passes."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self.bytes += len(data)
        self._target.write(data)

    @property
    def part(self) -> Part:
        return Part(self.bytes, self._hash.hexdigest())


class FullWriter:
    """Writes the dump, the surroundings and, last, the manifest that describes both."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.parts: dict[str, Part] = {}

    @contextmanager
    def dump(self) -> Iterator[PartWriter]:
        with self._part(DUMP) as writer:
            yield writer

    def surroundings(self, found: Surroundings) -> None:
        with self._part(_SURROUNDINGS) as writer:
            writer.write(json.dumps(found.to_json(), indent=1).encode())

    def finish(self, manifest: FullManifest) -> None:
        self._archive.writestr(_MANIFEST, json.dumps(manifest.to_json(), indent=1))

    @contextmanager
    def _part(self, name: str) -> Iterator[PartWriter]:
        with self._archive.open(name, "w", force_zip64=True) as target:
            writer = PartWriter(target)
            yield writer
        self.parts[name] = writer.part


@dataclass(frozen=True, slots=True)
class FullFile:
    """A backup that is whole: every part is what the manifest says."""

    path: Path
    manifest: FullManifest
    surroundings: Surroundings

    def dump_pieces(self) -> Iterator[bytes]:
        with zipfile.ZipFile(self.path) as archive:
            yield from _pieces(archive, DUMP)


@contextmanager
def new_full_file(path: Path) -> Iterator[FullWriter]:
    """Raises StudioError: disk_full, cannot_write. Whatever fails leaves no file behind."""
    with (
        whole_file(path, kin=f"*{SUFFIX}") as raw,
        zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive,
    ):
        yield FullWriter(archive)


def read_full(path: Path, on_bytes: Callable[[int], object] | None = None) -> FullFile:
    """Reads the whole file and compares it with its own manifest.

    Raises RuleError: backup_unreadable, backup_corrupt.
    """
    with opened_zip(path) as archive:
        try:
            manifest = FullManifest.from_json(json.loads(archive.read(_MANIFEST)))
        except (*DAMAGE, AttributeError, KeyError, TypeError, ValueError) as error:
            raise RuleError("backup_unreadable", name=path.name, reason="no manifest") from error
        for name in (DUMP, _SURROUNDINGS):
            _require_whole(archive, name, manifest, path, on_bytes)
        try:
            surroundings = Surroundings.from_json(json.loads(archive.read(_SURROUNDINGS)))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise RuleError("backup_corrupt", name=path.name, reason=_SURROUNDINGS) from error
    return FullFile(path, manifest, surroundings)


def _require_whole(
    archive: zipfile.ZipFile,
    name: str,
    manifest: FullManifest,
    path: Path,
    on_bytes: Callable[[int], object] | None,
) -> None:
    seen, length = hashlib.sha256(), 0
    try:
        for piece in _pieces(archive, name):
            seen.update(piece)
            length += len(piece)
            if on_bytes is not None:
                on_bytes(length)
    except (*DAMAGE, KeyError) as error:
        raise RuleError("backup_corrupt", name=path.name, reason=name) from error
    if manifest.parts.get(name) != Part(length, seen.hexdigest()):
        raise RuleError("backup_corrupt", name=path.name, reason=name)


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as source:
        while piece := source.read(_PIECE):
            yield piece
