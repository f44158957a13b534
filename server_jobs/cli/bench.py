"""studio-jobs bench: how fast months are closed here, beside plain SQL and a row-at-a-time loop."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from server_jobs.bench.cluster import bench_cluster
from server_jobs.bench.measure import ORM_AT_MOST, BenchRun, growth, machine, measured_runs
from server_jobs.cli.job import job
from server_jobs.cli.output import JsonOption, progress_bar, say, say_json, say_table
from studio_core.errors import ConfigError
from studio_core.observability import get_logger
from studio_core.whole_files import writing_errors

_log = get_logger(__name__)

_SIZES = (1_000, 10_000, 100_000)
_LARGE = 1_000_000
_BATCH_SIZES = (100, 10_000)
_LARGEST = 10_000_000


def bench(
    as_json: JsonOption = False,
    large: Annotated[
        bool, typer.Option("--large", help="Also a month of 1,000,000 payments.")
    ] = False,
    sizes: Annotated[
        str | None,
        typer.Option("--sizes", metavar="N,N", help="Payments a month. Default: 1000,10000,100000"),
    ] = None,
    batch_sizes: Annotated[
        str | None,
        typer.Option("--batch-sizes", metavar="N,N", help="BATCH_SIZEs. Default: 100,10000"),
    ] = None,
    rounds: Annotated[
        int,
        typer.Option("--rounds", min=1, max=99, help="Measure each so often; the median counts."),
    ] = 3,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="Disk to measure on. Default: the system's temporary folder."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Also write the JSON here.")
    ] = None,
) -> None:
    """Measure the closing beside plain SQL and a row-at-a-time loop.

    On a PostgreSQL of its own, with real durability; no studio is touched.

    close: backup checked, month moved, extrato written. by hand: the same work as one transaction
    of plain SQL. row by row: the same moves by an ORM loop.
    """
    wanted = numbers("--sizes", sizes) if sizes is not None else _SIZES
    wanted = (*wanted, _LARGE) if large and _LARGE not in wanted else wanted
    batches = numbers("--batch-sizes", batch_sizes) if batch_sizes is not None else _BATCH_SIZES
    with job("bench", __name__), progress_bar("Bench") as show, bench_cluster(folder) as cluster:
        measured_on = machine(cluster)
        runs = []
        for run in measured_runs(
            cluster, sizes=wanted, batch_sizes=batches, rounds=rounds, say=show
        ):
            _log.info("bench_measured", **run.to_json())
            runs.append(run)
    found = {"machine": measured_on, "runs": [run.to_json() for run in runs]}
    if output is not None:
        with writing_errors(output.parent):
            output.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    if as_json:
        say_json(found)
        return
    _say_report(measured_on, runs)


def numbers(option: str, text: str) -> tuple[int, ...]:
    """The whole numbers of an option like 1,100,10000, each once.

    Raises ConfigError("numbers_malformed").
    """
    found: list[int] = []
    for part in text.split(","):
        cleaned = part.strip().replace("_", "")
        number = int(cleaned) if cleaned.isascii() and cleaned.isdigit() else 0
        if not 1 <= number <= _LARGEST:
            raise ConfigError("numbers_malformed", option=option, text=part.strip())
        if number not in found:
            found.append(number)
    return tuple(found)


def _say_report(measured_on: dict[str, Any], runs: list[BenchRun]) -> None:
    say(
        f"{measured_on['processor']}, {measured_on['cores']} cores, "
        f"{measured_on['memory_gb']} GB; PostgreSQL {measured_on['postgresql']}"
    )
    say_table(
        ("Payments", "Batch", "Close", "By hand", "Ratio", "Row by row", "Memory", "Backup"),
        [_line(run) for run in runs],
        right="rrrrrrrr",
    )
    for grown in growth(runs):
        say(
            f"Batches of {grown.batch_size:,}, {grown.smaller:,} to {grown.larger:,} payments: "
            f"{grown.payments:.1f} × the rows, {grown.time:.1f} × the time, "
            f"{grown.memory_mb:+.0f} MB"
        )
    if any(run.payments > ORM_AT_MOST for run in runs):
        say(f"≈ measured on {ORM_AT_MOST:,} payments and multiplied up.")


def _line(run: BenchRun) -> tuple[str, ...]:
    about = "≈ " if run.payments > ORM_AT_MOST else ""
    return (
        f"{run.payments:,}",
        f"{run.batch_size:,}",
        f"{run.close_s:.2f} s",
        f"{run.sql_s:.2f} s",
        f"{run.ratio:.2f}",
        f"{about}{run.orm_s:.1f} s",
        f"{run.peak_rss_mb:.0f} MB",
        f"{run.backup_s:.2f} s",
    )
