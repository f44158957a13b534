"""demo batches on a PostgreSQL of its own, as a pipe and as JSON."""

from pathlib import Path

import pytest

from server_jobs.bench.batches import BatchSize
from server_jobs.cli import batches
from tests.jobs.conftest import Jobs


@pytest.fixture
def place(run_root: Path, worker_name: str) -> Path:
    """Where the server's own user gets through, whoever runs the tests."""
    folder = run_root / f"batches-{worker_name}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder


def test_a_pipe_gets_a_table_with_bars_and_no_colours(jobs: Jobs, place: Path) -> None:
    ran = jobs(
        *("demo", "batches", "--payments", "50", "--batch-sizes", "5,1000", "--dir", str(place))
    )

    assert ran.code == 0, ran.err
    assert "\x1b" not in ran.out
    assert "50 payments" in ran.out
    lines = {line.split()[0]: line for line in ran.out.splitlines() if line.strip()}
    assert {"BATCH_SIZE", "5", "1,000"} <= set(lines)
    assert "█" in lines["5"]
    assert " MB" in lines["1,000"]
    assert "the same digest with every size" in ran.out
    assert list(place.iterdir()) == []


def test_bars_are_as_long_as_the_times(capsys: pytest.CaptureFixture[str]) -> None:
    found = [
        BatchSize(size, 10, seconds, 70.0, "d") for size, seconds in ((1, 4.0), (10, 2.0), (99, 1))
    ]

    batches._say_chart(found)

    bars = [line.count("█") for line in capsys.readouterr().out.splitlines()[1:]]
    assert bars == [34, 17, 8]


def test_a_wrong_batch_size_is_named(jobs: Jobs) -> None:
    ran = jobs("demo", "batches", "--batch-sizes", "10,x")

    assert ran.code == 2
    assert "“x”" in ran.err
