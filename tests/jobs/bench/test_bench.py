"""The bench on a PostgreSQL of its own: small months here, the published sizes where it is long."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server_jobs.bench.by_hand import close_by_hand
from server_jobs.bench.cluster import MONTH, BenchCluster, bench_cluster
from server_jobs.bench.measure import measured_runs
from server_jobs.bench.row_by_row import close_row_by_row
from studio_core.db.engine import Database
from tests.jobs.conftest import Jobs

_KEYS = [
    "payments",
    "batch_size",
    "close_s",
    "sql_s",
    "ratio",
    "orm_s",
    "peak_rss_mb",
    "backup_s",
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[BenchCluster]:
    with bench_cluster() as own:
        yield own


def test_bench_prints_the_published_json_and_leaves_nothing_behind(
    jobs: Jobs, run_root: Path, worker_name: str, tmp_path: Path
) -> None:
    place = run_root / f"bench-{worker_name}"  # Where the server's own user gets through.
    place.mkdir(mode=0o711)
    file = tmp_path / "figures" / "bench.json"
    file.parent.mkdir()

    ran = jobs(
        *("bench", "--json", "--sizes", "40", "--batch-sizes", "7,1000", "--rounds", "1"),
        *("--dir", str(place), "--output", str(file)),
    )

    assert ran.code == 0, ran.err
    assert list(ran.json) == ["machine", "runs"]
    assert [list(run) for run in ran.json["runs"]] == [_KEYS] * 2
    assert [(run["payments"], run["batch_size"]) for run in ran.json["runs"]] == [
        (40, 7),
        (40, 1000),
    ]
    assert all(run[key] > 0 for run in ran.json["runs"] for key in _KEYS)
    assert ran.json["machine"]["cores"] >= 1
    assert json.loads(file.read_text("utf-8")) == ran.json
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("text", ["", "0", "ten", "100,,3", "-1", "99999999999"])
def test_sizes_that_are_no_numbers_are_named(jobs: Jobs, text: str) -> None:
    ran = jobs("bench", "--sizes", text)

    assert ran.code == 2
    assert "--sizes" in ran.err


def test_closing_by_hand_does_the_whole_work(cluster: BenchCluster) -> None:
    url, size = cluster.filled(90)
    assert (size.payments, size.expenses) == (90, 9)
    with cluster.copy(url) as copy, Database(copy, application_name="tests") as admin:
        assert close_by_hand(admin, MONTH) > 0
        with admin.transaction() as session:
            held = session.connection().exec_driver_sql(
                "SELECT (SELECT count(*) FROM payments), (SELECT count(*) FROM commissions),"
                " (SELECT count(*) FROM expenses), (SELECT count(*) FROM archive.payments),"
                " (SELECT count(*) FROM archive.commissions),"
                " (SELECT count(*) FROM archive.sessions),"
                " (SELECT state FROM accounting_months WHERE month_start = '2025-09-01'),"
                " (SELECT totals ->> 'gross_revenue' <> '0.00' FROM extratos)"
            )
            assert tuple(held.one()) == (
                *(0, 0, 0),
                *(size.payments, size.commissions, size.sessions),
                *("closed", True),
            )


def test_row_by_row_measures_a_part_and_keeps_nothing(cluster: BenchCluster) -> None:
    url, _ = cluster.filled(80)
    with Database(url, application_name="tests") as admin:
        found = close_row_by_row(admin, MONTH, payments=80, at_most=20)
        whole = close_row_by_row(admin, MONTH, payments=80, at_most=5_000)
        assert (found.measured, found.extrapolated) == (20, True)
        assert (whole.measured, whole.extrapolated) == (80, False)
        with admin.transaction() as session:
            kept = session.connection().exec_driver_sql("SELECT count(*) FROM payments")
            assert kept.scalar_one() == 80


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_closing_keeps_within_its_bars(cluster: BenchCluster) -> None:
    """Times are compared with the same work of the same rounds; memory and growth over sizes."""
    runs = list(
        measured_runs(cluster, sizes=(1_000, 10_000, 100_000), batch_sizes=(100, 10_000), rounds=3)
    )
    at = {(run.payments, run.batch_size): run for run in runs}

    assert at[100_000, 10_000].ratio <= 1.5
    assert at[100_000, 100].ratio <= 2.5
    peaks = [run.peak_rss_mb for run in runs]
    assert max(peaks) - min(peaks) <= 20
    assert at[100_000, 10_000].close_s <= 15 * at[10_000, 10_000].close_s


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_batch_size_gives_the_same_extrato(cluster: BenchCluster) -> None:
    runs = list(
        measured_runs(
            cluster, sizes=(20_000,), batch_sizes=(1, 10, 100, 1_000, 10_000, 100_000), rounds=1
        )
    )

    assert len(runs) == 6
