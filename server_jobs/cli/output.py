"""What the commands write: results to stdout, everything about the way there to stderr."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from studio_core.extrato.runs import OnProgress, Progress

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

_STAGES = {
    "writing": "Writing the backup",
    "begin": "Waiting for the month",
    "backup": "Checking the backup",
    "payments": "Payments",
    "commissions": "Commissions",
    "expenses": "Expenses",
    "sessions": "Sessions",
    "totals": "Totals",
    "done": "Done",
    "counting": "Counting rows, table by table",
    "dump": "Writing, in kB",
    "checking": "Reading, in kB",
    "restoring": "Restoring, in kB",
    "copying": "Copying",
}


def say(text: str = "") -> None:
    """A result for a person."""
    _write(text, to_stderr=False)


def warn(text: str) -> None:
    """Something that a person should know and that stops nothing."""
    _write(f"Warning: {text}", to_stderr=True)


def note(text: str) -> None:
    """Something about the way, not about the result."""
    _write(text, to_stderr=True)


def say_json(value: object) -> None:
    """A result for a program, the only thing on stdout."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    plain_only = encoding.lower().replace("-", "") != "utf8"
    say(json.dumps(value, ensure_ascii=plain_only, indent=2))


def _write(text: str, *, to_stderr: bool) -> None:
    """A reader who has gone (`| head -1`) has seen enough; the work and its exit code stand."""
    try:
        typer.echo(text, err=to_stderr)
    except OSError as error:
        _silence(sys.stderr if to_stderr else sys.stdout)
        if not isinstance(error, BrokenPipeError) and not to_stderr:
            note(f"The result could not be written: {error.strerror}.")


def _silence(stream: TextIO) -> None:
    """Nothing more is written there, not even what Python flushes at its end."""
    with contextlib.suppress(OSError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: str = "") -> None:
    """Columns that line up. right: one letter a column, "r" where it holds numbers."""
    widths = [max(len(cell) for cell in column) for column in zip(headings, *rows, strict=True)]
    for line in (headings, *rows):
        cells = [
            cell.rjust(width) if right[place : place + 1] == "r" else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        say("  ".join(cells).rstrip())


@contextmanager
def progress_bar(what: str) -> Iterator[OnProgress]:
    """A bar on stderr, only when that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _progress: None
        return
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None)

        def show(progress: Progress) -> None:
            stage = progress.stage
            name = _STAGES.get(stage, stage.replace("_", " ").capitalize())
            bar.update(
                task,
                description=f"{what}: {name}",
                completed=progress.rows_done,
                total=progress.rows_total or None,
            )

        yield show
