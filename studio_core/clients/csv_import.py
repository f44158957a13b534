"""Clients from a file: first a preview with everything that is wrong, then the import."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from studio_core.clients.csv_columns import draft_of, field_of
from studio_core.clients.csv_duplicates import here_already, repeated_in_file
from studio_core.clients.csv_file import Record, read_csv_file
from studio_core.clients.models import Client
from studio_core.clients.rules import ClientDraft, client_findings, tidied
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import RuleError
from studio_core.findings import Finding


@dataclass(frozen=True, slots=True)
class CsvLine:
    """number: of the line in the file, from 1. draft: as it would be imported; as it was written
    where something is wrong with it. findings: all that is wrong; empty for a good line."""

    number: int
    draft: ClientDraft
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CsvPreview:
    """columns: as written, each with the field it fills (None: it is not imported)."""

    name: str
    encoding: str
    separator: str
    columns: tuple[tuple[str, str | None], ...]
    lines: tuple[CsvLine, ...]

    @property
    def good(self) -> tuple[CsvLine, ...]:
        return tuple(line for line in self.lines if not line.findings)

    @property
    def bad(self) -> tuple[CsvLine, ...]:
        return tuple(line for line in self.lines if line.findings)


@dataclass(frozen=True, slots=True)
class CsvResult:
    """imported: clients that are new. left_out: the lines that were not imported, and why."""

    imported: int
    left_out: tuple[CsvLine, ...]


def read_clients_csv(path: Path, session: Session) -> CsvPreview:
    """What a file would bring; nothing is written.

    Columns in any order, named in Portuguese or English, separated by ; , | or tabs; UTF-8,
    UTF-16 or Windows' encoding. A line is wrong also when it repeats another, or a client who is
    here already.
    Raises ConfigError("csv_missing"), RuleError: csv_too_large, csv_not_text, csv_empty,
    csv_no_header.
    """
    file = read_csv_file(path, lambda column: field_of(column) is not None)
    columns = tuple((column, field_of(column)) for column in file.header)
    if "name" not in {field for _, field in columns}:
        raise RuleError("csv_no_header", name=file.name)
    today = session.scalars(select(func.studio.today())).one()
    lines = [_line(record, file.header, today) for record in file.records()]
    if not lines:
        raise RuleError("csv_empty", name=file.name)
    good = {line.number: line.draft for line in lines if not line.findings}
    repeated = dict(repeated_in_file(good))
    lines = _with(lines, repeated)
    return CsvPreview(file.name, file.encoding, file.separator, columns, _checked(session, lines))


def import_clients_csv(session: Session, preview: CsvPreview, *, skip_bad: bool) -> CsvResult:
    """Adds the good lines of a preview, looked up once more: somebody may have added them since.

    skip_bad: import the others where lines are wrong.
    Raises RuleError("csv_bad_lines") where lines are wrong and skip_bad is not set.
    """
    allow_long_work(session)
    session.execute(select(func.studio.hold_import()))
    lines = _checked(session, list(preview.lines))
    bad = tuple(line for line in lines if line.findings)
    if bad and not skip_bad:
        raise RuleError("csv_bad_lines", count=len(bad), name=preview.name)
    values = [
        {name: getattr(line.draft, name) for name in ClientDraft.__slots__}
        for line in lines
        if not line.findings
    ]
    if values:
        session.execute(insert(Client), values)
    return CsvResult(len(values), bad)


def _line(record: Record, header: tuple[str, ...], today: date) -> CsvLine:
    if record.fields is None:
        return CsvLine(record.number, ClientDraft(name=""), (Finding("name", "csv_field_long"),))
    draft, findings = draft_of(header, record.fields, today=today)
    findings += client_findings(draft, today=today)
    return CsvLine(record.number, draft if findings else tidied(draft), tuple(findings))


def _checked(session: Session, lines: list[CsvLine]) -> tuple[CsvLine, ...]:
    good = {line.number: line.draft for line in lines if not line.findings}
    return tuple(_with(lines, dict(here_already(session, good))))


def _with(lines: list[CsvLine], found: dict[int, Finding]) -> list[CsvLine]:
    return [
        CsvLine(line.number, line.draft, (*line.findings, found[line.number]))
        if line.number in found
        else line
        for line in lines
    ]
