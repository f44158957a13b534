"""Where the results go: a reader who leaves early, a disk that is full, a closed stream."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.books import Books
from tests.jobs.conftest import Jobs

SEPTEMBER = ("--year", "2025", "--month", "9")


def ended(jobs: Jobs, *arguments: str, into: int) -> tuple[int, str]:
    """Exit code and stderr of the real command whose results go to that file descriptor."""
    process = subprocess.run(
        [sys.executable, "-m", "server_jobs", *arguments],
        env=os.environ | jobs.environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=into,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return process.returncode, process.stderr


@pytest.fixture
def nobody_reads() -> int:
    """The writing end of a pipe whose reader has gone, as behind `| head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def test_a_reader_who_left_changes_nothing(jobs: Jobs, books: Books, nobody_reads: int) -> None:
    books.fill(3)
    ran = ("extrato", "run", "--with-backup", *SEPTEMBER)
    assert ended(jobs, *ran, into=nobody_reads) == (0, "")
    assert books.value("SELECT count(*) FROM extratos") == 1
    assert ended(jobs, "extrato", "show", "--json", *SEPTEMBER, into=nobody_reads) == (0, "")
    os.close(nobody_reads)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_result_that_cannot_be_written_is_said_once(jobs: Jobs, books: Books) -> None:
    books.fill(3)
    with Path("/dev/full").open("w") as full:
        code, said = ended(jobs, "extrato", "preview", *SEPTEMBER, into=full.fileno())
    assert said == f"The result could not be written: {os.strerror(errno.ENOSPC)}.\n"
    assert code == 0


def test_json_without_a_stream_is_no_fault(
    jobs: Jobs, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with `>&-`, where Python has no stdout."""
    books.fill(1)
    monkeypatch.setattr("sys.stdout", None)
    assert jobs("extrato", "preview", "--json", *SEPTEMBER).code == 0
