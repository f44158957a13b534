"""The real command, stopped in the middle, and two of them at once."""

import signal
import time

import pytest

from tests.books import Books, closings_held_at_their_end
from tests.jobs.conftest import Jobs

SEPTEMBER = ("--year", "2025", "--month", "9")
_PATIENCE_S = 60


def wait_until_moving(books: Books) -> None:
    """Until the closing has told of its first moved rows."""
    give_up = time.monotonic() + _PATIENCE_S
    while not books.value("SELECT coalesce(max(rows_done), 0) FROM extrato_progress"):
        assert time.monotonic() < give_up, "the closing never began to move rows"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_closing_is_rolled_back(jobs: Jobs, books: Books, number: signal.Signals) -> None:
    books.fill(3000)
    before = books.snapshot()
    assert jobs("backup", "create", *SEPTEMBER).code == 0
    process = jobs.start("extrato", "run", *SEPTEMBER, BATCH_SIZE="1")
    wait_until_moving(books)
    process.send_signal(number)
    out, err = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 1, err
    assert out == ""
    assert err == "The closing was cancelled. Nothing was moved.\n"
    assert books.snapshot() == before
    assert books.value("SELECT status FROM extrato_runs ORDER BY id DESC LIMIT 1") == "cancelled"


def test_of_two_at_once_one_closes_and_the_other_says_so(jobs: Jobs, books: Books) -> None:
    books.fill(300)
    assert jobs("backup", "create", *SEPTEMBER).code == 0
    with closings_held_at_their_end(books.database):
        first = jobs.start("extrato", "run", *SEPTEMBER, "--json")
        wait_until_moving(books)
        second = jobs.start("extrato", "run", *SEPTEMBER)
        _, said = second.communicate(timeout=_PATIENCE_S)
    assert second.returncode == 75, said
    assert first.communicate(timeout=_PATIENCE_S)[1] == ""
    assert first.returncode == 0
