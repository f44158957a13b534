"""The bench on a PostgreSQL of its own: small months here, the published sizes where it is long."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server_jobs.bench.by_hand import close_by_hand
from server_jobs.bench.cluster import MONTH, BenchCluster, bench_cluster
from server_jobs.bench.measure import BenchRun, growth, measured_runs
from server_jobs.bench.row_by_row import close_row_by_row
from server_jobs.cli.bench import _say_report
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


@pytest.fixture
def place(run_root: Path, worker_name: str) -> Path:
    """Where the server's own user gets through, whoever runs the tests."""
    folder = run_root / f"bench-{worker_name}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder


@pytest.mark.timeout(300)  # Each of eight copies of the database waits for the disk.
def test_bench_tries_every_power_of_ten_and_prints_the_published_json(
    jobs: Jobs, place: Path, tmp_path: Path
) -> None:
    """Each size of a batch gives the same digest, or the bench fails: plans change with it."""
    powers = [10**power for power in range(6)]
    file = tmp_path / "figures" / "bench.json"
    file.parent.mkdir()

    ran = jobs(
        *("bench", "--json", "--sizes", "150", "--rounds", "1"),
        *("--batch-sizes", ",".join(str(power) for power in powers)),
        *("--dir", str(place), "--output", str(file)),
    )

    assert ran.code == 0, ran.err
    assert list(ran.json) == ["machine", "runs"]
    assert [list(run) for run in ran.json["runs"]] == [_KEYS] * 6
    assert [(run["payments"], run["batch_size"]) for run in ran.json["runs"]] == [
        (150, power) for power in powers
    ]
    assert all(run[key] > 0 for run in ran.json["runs"] for key in _KEYS)
    assert ran.json["machine"]["cores"] >= 1
    assert json.loads(file.read_text("utf-8")) == ran.json
    assert list(place.iterdir()) == []


def measured(payments: int, batch_size: int, close_s: float, peak_rss_mb: float) -> BenchRun:
    return BenchRun(payments, batch_size, close_s, 0.5, 9.0, peak_rss_mb, 0.1)


def test_growth_is_told_for_each_batch_size_from_size_to_size() -> None:
    runs = [measured(1000, 10, 0.5, 70), measured(1000, 1, 1.0, 70), measured(100, 10, 0.25, 69)]

    (only,) = growth(runs)

    assert (only.batch_size, only.smaller, only.larger) == (10, 100, 1000)
    assert (only.payments, only.time, only.memory_mb) == (10.0, 2.0, 1.0)


def test_bench_says_ratios_memory_and_growth(capsys: pytest.CaptureFixture[str]) -> None:
    machine = {"processor": "A processor", "cores": 2, "memory_gb": 24, "postgresql": "18.6"}
    runs = [measured(1_000, 100, 0.75, 71), measured(10_000, 100, 7.5, 73)]

    _say_report(machine, runs)

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "A processor, 2 cores, 24 GB; PostgreSQL 18.6"
    assert said[2].split() == [
        *("1,000", "100", "0.75", "s", "0.50", "s", "1.50", "9.0", "s", "71", "MB", "0.10", "s")
    ]
    assert said[4:] == [
        "Batches of 100, 1,000 to 10,000 payments: 10.0 × the rows, 10.0 × the time, +2 MB",
        "≈ measured on 5,000 payments and multiplied up.",
    ]


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
