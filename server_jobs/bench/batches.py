"""What the size of a batch does to a closing's time and memory, on one invented month."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from server_jobs.bench.closing_process import close_in_own_process
from server_jobs.bench.cluster import MONTH, BenchCluster, bench_cluster
from studio_core.db.engine import Database
from studio_core.extrato.backup import create_backup


@dataclass(frozen=True, slots=True)
class BatchSize:
    """One closing. steps: batches of all tables together."""

    size: int
    steps: int
    seconds: float
    peak_rss_mb: float
    digest: str


class BatchDemo:
    """A filled month, closed again and again from the same state."""

    def __init__(self, cluster: BenchCluster, payments: int) -> None:
        self._cluster = cluster
        self._url, self.rows = cluster.filled(payments)
        self._backups = cluster.folder / "demo-backups"
        with Database(self._url, application_name="studio demo", pool_size=1) as admin:
            create_backup(admin, month=MONTH, directory=self._backups)

    def closings(self, sizes: Sequence[int]) -> Iterator[BatchSize]:
        for size in sizes:
            with self._cluster.copy(self._url) as copy:
                yield self._closing(self._cluster.jobs_url(copy), size)

    def _closing(self, url: URL, size: int) -> BatchSize:
        found = close_in_own_process(url, MONTH, batch_size=size, backup_dir=self._backups)
        rows = self.rows
        tables = (rows.payments, rows.sessions, rows.commissions, rows.expenses)
        steps = sum(-(-count // size) for count in tables)
        return BatchSize(size, steps, found.seconds, found.peak_rss_mb, found.digest)


@contextmanager
def batch_demo(payments: int, folder: Path | None = None) -> Iterator[BatchDemo]:
    """On a PostgreSQL of its own, so that nobody's studio is slowed down or touched."""
    with bench_cluster(folder) as cluster:
        yield BatchDemo(cluster, payments)
