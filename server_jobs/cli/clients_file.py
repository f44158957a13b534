"""studio-jobs import clients: first what a file would bring, then the import."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from server_jobs.cli.job import job, studio_database
from server_jobs.cli.output import JsonOption, note, say, say_json, say_table
from studio_core.clients.csv_import import (
    CsvLine,
    CsvPreview,
    import_clients_csv,
    read_clients_csv,
)
from studio_core.errors import RuleError
from studio_core.observability import get_logger
from studio_core.sentences import sentence

_log = get_logger(__name__)
_SHOWN = 5
_SEPARATORS = {"\t": "tabs"}


def clients(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="Its first line names the columns.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Import without asking.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out the lines that are wrong.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring clients over from a file: shows what it holds, then asks.

    Lines that are wrong are named by number, and nothing is imported unless --skip-bad leaves
    them out. Without --yes, and with nobody to ask, it only shows.
    """
    with job("import clients", __name__) as running, studio_database(running) as database:
        with database.transaction() as session:
            preview = read_clients_csv(file, session)
        if not as_json:
            _say_preview(preview, skip_bad=skip_bad)
        refused = bool(preview.bad) and not skip_bad
        imported = 0
        left_out = preview.bad
        wanted = not refused and (yes or (not as_json and _agreed(len(preview.good))))
        if wanted:
            with database.transaction() as session:
                result = import_clients_csv(session, preview, skip_bad=skip_bad)
            imported, left_out = result.imported, result.left_out
            _log.info("clients_imported", imported=imported, left_out=len(left_out))
        if as_json:
            say_json(_json(preview, imported, left_out))
        if refused:
            raise RuleError("csv_bad_lines", count=len(preview.bad), name=preview.name)
    if as_json:
        return
    if wanted:
        say(f"New clients: {imported}. Lines left out: {len(left_out)}.")
    else:
        note("Nothing was imported. To do it, add --yes.")


def _agreed(count: int) -> bool:
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"Import {count} clients?", err=True)


def _say_preview(preview: CsvPreview, *, skip_bad: bool) -> None:
    separator = _SEPARATORS.get(preview.separator, f"“{preview.separator}”")
    say(f"{preview.name}: {preview.encoding}, separated by {separator}")
    for column, field in preview.columns:
        say(f"  {column} → {field.replace('_', ' ') if field else 'not imported'}")
    say(f"Clients to import: {len(preview.good)}. Lines that are wrong: {len(preview.bad)}.")
    shown = preview.good[:_SHOWN]
    if shown:
        say()
        say_table(
            ("Line", "Name", "Phone", "E-mail", "CPF"),
            [
                (
                    str(line.number),
                    line.draft.name,
                    line.draft.phone or "",
                    line.draft.email or "",
                    line.draft.cpf or "",
                )
                for line in shown
            ],
            right="r",
        )
        if len(preview.good) > len(shown):
            say(f"… and {len(preview.good) - len(shown)} more")
    for line in preview.bad:
        say(f"Line {line.number}: {' '.join(_sentences(line))}")
    if preview.bad and not skip_bad:
        say("With --skip-bad the others are imported.")
    say()


def _sentences(line: CsvLine) -> list[str]:
    return [sentence(finding.code, finding.params) for finding in line.findings]


def _json(preview: CsvPreview, imported: int, left_out: tuple[CsvLine, ...]) -> dict[str, Any]:
    return {
        "file": preview.name,
        "encoding": preview.encoding,
        "separator": preview.separator,
        "columns": dict(preview.columns),
        "good": len(preview.good),
        "imported": imported,
        "bad": [
            {
                "line": line.number,
                "findings": [
                    {"field": finding.field, "code": finding.code, "sentence": said}
                    for finding, said in zip(line.findings, _sentences(line), strict=True)
                ],
            }
            for line in left_out
        ],
    }
