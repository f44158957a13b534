"""The measurements of a bench: closings of every size beside the same work done otherwise."""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from server_jobs.bench.by_hand import close_by_hand
from server_jobs.bench.closing_process import close_in_own_process
from server_jobs.bench.cluster import MONTH, BenchCluster
from server_jobs.bench.row_by_row import close_row_by_row
from studio_core.db.engine import Database
from studio_core.extrato.backup import create_backup
from studio_core.extrato.runs import Progress

ORM_AT_MOST = 5_000
"""Payments that the row-at-a-time loop really moves; above that its time is multiplied up."""


@dataclass(frozen=True, slots=True)
class BenchRun:
    """One line: medians in seconds. ratio: close_s to sql_s, of the same interleaved rounds."""

    payments: int
    batch_size: int
    close_s: float
    sql_s: float
    orm_s: float
    peak_rss_mb: float
    backup_s: float

    @property
    def ratio(self) -> float:
        return self.close_s / self.sql_s

    def to_json(self) -> dict[str, Any]:
        """The published shape of `bench --json`."""
        return {
            "payments": self.payments,
            "batch_size": self.batch_size,
            "close_s": round(self.close_s, 4),
            "sql_s": round(self.sql_s, 4),
            "ratio": round(self.ratio, 2),
            "orm_s": round(self.orm_s, 3),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
            "backup_s": round(self.backup_s, 4),
        }


@dataclass(frozen=True, slots=True)
class Growth:
    """From one size of a month to the next larger one, with one batch size.

    payments, time: how many times as many, and as long. memory_mb: more at the peak.
    """

    batch_size: int
    smaller: int
    larger: int
    payments: float
    time: float
    memory_mb: float


def growth(runs: Sequence[BenchRun]) -> tuple[Growth, ...]:
    """How time and memory grow with the rows; times that grow as the rows do are linear."""
    found = []
    for batch_size in dict.fromkeys(run.batch_size for run in runs):
        sizes = sorted(
            (run for run in runs if run.batch_size == batch_size), key=lambda run: run.payments
        )
        found += [
            Growth(
                batch_size=batch_size,
                smaller=smaller.payments,
                larger=larger.payments,
                payments=larger.payments / smaller.payments,
                time=larger.close_s / smaller.close_s,
                memory_mb=larger.peak_rss_mb - smaller.peak_rss_mb,
            )
            for smaller, larger in pairwise(sizes)
        ]
    return tuple(found)


def measured_runs(
    cluster: BenchCluster,
    *,
    sizes: Sequence[int],
    batch_sizes: Sequence[int],
    rounds: int,
    say: Callable[[Progress], None] = lambda _progress: None,
) -> Iterator[BenchRun]:
    """For each size, every batch size; a size's lines come when all its rounds are done.

    rounds: how often each is measured, one after the other in turn, so that a machine that is
    busy for a while slows all of them. Each measurement has a fresh copy of the database.
    Raises RuntimeError where two batch sizes of one month give different digests.
    """
    steps = len(sizes) * (2 + rounds * (1 + len(batch_sizes)))
    done = 0

    def step(what: str) -> None:
        nonlocal done
        say(Progress(what, done, steps))
        done += 1

    for payments in sizes:
        step(f"{payments:,} payments: filling")
        url, _ = cluster.filled(payments)
        folder = cluster.folder / f"backups_{payments}"
        backup_s = _backup_seconds(url, folder)
        step(f"{payments:,} payments: row by row")
        with cluster.copy(url) as copy, _admin(copy) as admin:
            # Its objects stay in this process; the closings are measured in others.
            orm = close_row_by_row(admin, MONTH, payments=payments, at_most=ORM_AT_MOST)
        gc.collect()
        by_hand: list[float] = []
        closings: dict[int, list[float]] = {size: [] for size in batch_sizes}
        peaks: dict[int, float] = {}
        digests: set[str] = set()
        for _ in range(rounds):
            step(f"{payments:,} payments: by hand")
            with cluster.copy(url) as copy, _admin(copy) as admin:
                by_hand.append(close_by_hand(admin, MONTH))
            for size in batch_sizes:
                step(f"{payments:,} payments: batches of {size:,}")
                with cluster.copy(url) as copy:
                    found = close_in_own_process(
                        cluster.jobs_url(copy), MONTH, batch_size=size, backup_dir=folder
                    )
                closings[size].append(found.seconds)
                peaks[size] = max(peaks.get(size, 0.0), found.peak_rss_mb)
                digests.add(found.digest)
        cluster.drop(url)
        if len(digests) != 1:
            raise RuntimeError(f"{payments} payments: the batch size changed the digest")
        for size in batch_sizes:
            yield BenchRun(
                payments=payments,
                batch_size=size,
                close_s=statistics.median(closings[size]),
                sql_s=statistics.median(by_hand),
                orm_s=orm.seconds,
                peak_rss_mb=peaks[size],
                backup_s=backup_s,
            )
    say(Progress("done", steps, steps))


def machine(cluster: BenchCluster) -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": _memory_gb(),
        "python": platform.python_version(),
        "postgresql": cluster.version(),
        "durable": True,
        "orm_extrapolated_above": ORM_AT_MOST,
    }


def _backup_seconds(url: URL, folder: Path) -> float:
    with _admin(url) as admin:
        started = time.perf_counter()
        create_backup(admin, month=MONTH, directory=folder)
        return time.perf_counter() - started


def _admin(url: URL) -> Database:
    return Database(url, application_name="studio bench", pool_size=1)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _memory_gb() -> int | None:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3)
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf.
        return None
