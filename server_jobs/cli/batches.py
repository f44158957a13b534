"""studio-jobs demo batches: what BATCH_SIZE does, as a small table and bars in the terminal."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from server_jobs.bench.batches import BatchSize, batch_demo
from server_jobs.cli.bench import numbers
from server_jobs.cli.job import job
from server_jobs.cli.output import JsonOption, progress_bar, say, say_json
from studio_core.extrato.runs import Progress

_SIZES = (1, 10, 100, 1_000, 10_000)
_WIDTH = 34


def batches(
    payments: Annotated[
        int,
        typer.Option("--payments", min=1, max=1_000_000, help="Payments of the invented month."),
    ] = 3_000,
    batch_sizes: Annotated[
        str | None,
        typer.Option("--batch-sizes", metavar="N,N", help="Default: 1,10,100,1000,10000"),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Default: the system's temporary folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what BATCH_SIZE does to a closing's time and memory.

    On a PostgreSQL of its own that is removed afterwards; no studio is touched.
    """
    sizes = numbers("--batch-sizes", batch_sizes) if batch_sizes is not None else _SIZES
    with job("demo batches", __name__):
        with progress_bar("Batches") as show:
            show(Progress("database", 0, len(sizes)))
            with batch_demo(payments, folder) as demo:
                found: list[BatchSize] = []
                for closing in demo.closings(sizes):
                    found.append(closing)
                    show(Progress(f"{closing.size:,} rows", len(found), len(sizes)))
        rows = demo.rows
    if as_json:
        say_json([_json(closing) for closing in found])
        return
    say(
        f"One month: {rows.payments:,} payments, {rows.sessions:,} sessions, "
        f"{rows.commissions:,} commissions, {rows.expenses:,} expenses"
    )
    say()
    _say_chart(found)
    say()
    say(_moral(found))


def _say_chart(found: list[BatchSize]) -> None:
    """Colours only on a terminal; bars of plain signs where blocks cannot be written."""
    longest = max(closing.seconds for closing in found)
    blocks = (sys.stdout.encoding or "ascii").lower().replace("-", "") == "utf8"
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("BATCH_SIZE", "Steps", "Time", "Memory"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Time, the shorter the better", no_wrap=True, min_width=_WIDTH)
    for closing in found:
        share = closing.seconds / longest
        bar = (
            Bar(size=1, begin=0, end=share, width=_WIDTH, color="cyan")
            if blocks
            else "#" * max(1, round(share * _WIDTH))
        )
        table.add_row(
            f"{closing.size:,}",
            f"{closing.steps:,}",
            f"{closing.seconds:.2f} s",
            f"{closing.peak_rss_mb:.0f} MB",
            bar,
        )
    if sys.stdout.isatty():
        Console().print(table)
        return
    # A pipe has no width of its own, and nobody wants the blanks behind a bar in a file.
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        say(line.rstrip())


def _moral(found: list[BatchSize]) -> str:
    same = len({closing.digest for closing in found}) == 1
    peaks = [closing.peak_rss_mb for closing in found]
    fastest = min(found, key=lambda closing: closing.seconds)
    digests = "the same digest with every size" if same else "DIFFERENT DIGESTS, which is a fault"
    return (
        f"Fastest: batches of {fastest.size:,}. Memory stays within "
        f"{max(peaks) - min(peaks):.0f} MB; {digests}.\n"
        "Small batches show progress and can be cancelled sooner; the month is one transaction "
        "either way."
    )


def _json(closing: BatchSize) -> dict[str, object]:
    return {
        "batch_size": closing.size,
        "steps": closing.steps,
        "seconds": round(closing.seconds, 4),
        "peak_rss_mb": round(closing.peak_rss_mb, 1),
        "digest": closing.digest,
    }
