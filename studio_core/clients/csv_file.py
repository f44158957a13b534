"""Reading a file of separated columns, however the program that wrote it writes them."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio_core.errors import ConfigError, RuleError

LARGEST_MB = 50

_SEPARATORS = (";", ",", "\t", "|")
_LONGEST_HEADER = 10_000
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record. number: of the line it starts on, from 1. fields: None where the record cannot
    be read, a field being too long."""

    number: int
    fields: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file's text, and how it was written."""

    name: str
    encoding: str
    separator: str
    header: tuple[str, ...]
    text: str
    first_line: int

    def records(self) -> Iterator[Record]:
        """The records below the header; those with nothing in them are passed over."""
        reader = _reader(self.text, self.separator)
        starts = 1
        while True:
            fields: tuple[str, ...] | None
            try:
                fields = tuple(field.strip() for field in next(reader))
            except StopIteration:
                return
            except csv.Error:
                fields = None
            if starts > self.first_line and (fields is None or any(fields)):
                yield Record(starts, fields)
            starts = reader.line_num + 1


def read_csv_file(path: Path, known: Callable[[str], bool]) -> CsvFile:
    """known: whether a column's name says something; the separator is the one that shows most.

    Raises ConfigError("csv_missing"), RuleError: csv_too_large, csv_not_text, csv_empty.
    """
    text, encoding = _decoded(path)
    if not text.strip():
        raise RuleError("csv_empty", name=path.name)
    first_line, header_line, asked = _header_line(text)
    separator = asked or _separator(header_line, text, known)
    header = tuple(field.strip() for field in next(_reader(header_line, separator), []))
    return CsvFile(path.name, encoding, separator, header, text, first_line)


def _decoded(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > LARGEST_MB * 1024 * 1024:
            raise RuleError("csv_too_large", name=path.name, limit=f"{LARGEST_MB} MB")
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError("csv_missing", path=str(path), reason=error.strerror) from error
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise RuleError("csv_not_text", name=path.name)


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return (encoding,)
    # Latin letters in UTF-16 leave every second byte zero; no other text has zeros at all.
    if content[1:100:2].count(0) > len(content[1:100:2]) / 2:
        return ("utf-16-le",)
    if content[0:100:2].count(0) > len(content[0:100:2]) / 2:
        return ("utf-16-be",)
    return ("utf-8", "cp1252", "latin-1")


def _header_line(text: str) -> tuple[int, str, str | None]:
    """Number and text of the first line with something in it, and the separator that a line
    before it asks for ("sep=;", as spreadsheets write it)."""
    asked = None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        written = line.rstrip("\n")[:_LONGEST_HEADER]
        if written.lower().startswith("sep=") and len(written) == len("sep=") + 1:
            asked = written[-1]
        elif written.strip():
            return number, written, asked
    return 1, "", asked


def _separator(header_line: str, text: str, known: Callable[[str], bool]) -> str:
    """One that shows the most known columns. Of equals, one that the file does not even hold:
    in a file of one column every mark belongs to the values."""

    def told(separator: str) -> tuple[int, int, bool]:
        fields: list[str] = next(_reader(header_line, separator), [])
        return sum(known(field) for field in fields), len(fields), separator not in text

    return max(_SEPARATORS, key=told)


def _reader(text: str, separator: str) -> Any:
    # The universal newlines of a file, without rewriting those inside quotes.
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
