"""A closing that makes its own backup first: one run, seen and stopped from its first stage on."""

import threading
from typing import Any

import pytest

from studio_core.errors import AlreadyRunningError, RuleError
from studio_core.extrato.records import runs_under_way
from studio_core.extrato.runs import Progress
from studio_core.months import Month
from tests.books import MONTH, Books, run
from tests.core.extrato.conftest import Closer

RUNS = "SELECT status, code FROM extrato_runs ORDER BY id"


def test_backup_is_the_first_stage_and_every_desk_sees_it(books: Books, closer: Closer) -> None:
    books.fill(30)
    stages: list[str] = []
    seen: list[str] = []

    def progressed(progress: Progress) -> None:
        stages.append(progress.stage)
        with books.database.transaction() as session:
            seen.extend(run.stage for run in runs_under_way(session))

    result = closer.close(fresh_backup=True, on_progress=progressed)

    assert stages[0] == "writing"
    assert seen == stages
    assert result.backup is not None
    assert (closer.folder / result.backup).is_file()
    assert books.rows(RUNS) == [("done", None)]


@pytest.mark.parametrize("code", ["month_not_over", "month_already_closed"])
def test_no_backup_is_written_for_a_closing_that_would_be_refused(
    books: Books, closer: Closer, code: str
) -> None:
    month = Month.of(books.value("SELECT studio.today()"))
    if code == "month_already_closed":
        month = MONTH
        closer.close(fresh_backup=True)
    with pytest.raises(RuleError) as refused:
        closer.close(month, fresh_backup=True)

    assert refused.value.code == code
    assert books.value(
        "SELECT count(*) FROM backups WHERE month_start = :m", m=month.first_day
    ) == (1 if code == "month_already_closed" else 0)
    assert books.rows(RUNS)[-1] == ("refused", code)


def test_cancelled_while_it_writes_a_table_leaves_no_file(books: Books, closer: Closer) -> None:
    books.fill(2500)
    written: list[int] = []

    def cancelled() -> bool:
        written.extend(file.stat().st_size for file in closer.folder.glob("*.partial"))
        return bool(written)

    with pytest.raises(RuleError, match="cancelled"):
        closer.close(fresh_backup=True, cancelled=cancelled)

    assert written
    assert list(closer.folder.iterdir()) == []
    assert books.rows(RUNS) == [("cancelled", "closing_cancelled")]
    assert books.value("SELECT count(*) FROM backups") == 0


def test_second_closing_of_the_month_writes_no_backup_of_its_own(
    books: Books, closer: Closer
) -> None:
    books.fill(5)
    told: list[str] = []

    def close_too(progress: Progress) -> None:
        if progress.stage == "writing" and not told:
            with pytest.raises(AlreadyRunningError) as refused:
                closer.close(fresh_backup=True)
            told.append(refused.value.code)

    closer.close(fresh_backup=True, on_progress=close_too)

    assert told == ["already_running"]
    assert books.rows(RUNS) == [("done", None), ("refused", "already_running")]
    assert books.value("SELECT count(*) FROM backups") == 1


def test_entry_made_during_the_backup_is_told_as_such(books: Books, closer: Closer) -> None:
    books.fill(5)

    def pay(progress: Progress) -> None:
        if progress.stage == "begin":
            books.pay("10")

    with pytest.raises(RuleError) as refused:
        closer.close(fresh_backup=True, on_progress=pay)

    assert refused.value.code == "changed_during_backup"
    assert closer.close(fresh_backup=True).statement.counts["payments"] == 6


def test_closing_outlives_the_limits_that_desks_have(books: Books, closer: Closer) -> None:
    books.fill(20)
    limits = {"statement_timeout": "500ms", "idle_in_transaction_session_timeout": "500ms"}
    for name, limit in limits.items():
        with books.database.transaction() as session:
            run(session, f"ALTER DATABASE {books.database.url.database} SET {name} = '{limit}'")
    books.database.engine.dispose()  # New connections live under the limits.
    pause = threading.Event()
    idled: list[float] = []

    def dawdle() -> bool:
        if not idled and _closing_is(books, "state = 'idle in transaction'"):
            pause.wait(1.0)  # Longer than a desk's transaction may be idle.
            idled.append(1.0)
        return False

    done: list[Any] = []
    closing = threading.Thread(
        target=lambda: done.append(closer.close(fresh_backup=True, cancelled=dawdle))
    )
    with books.database.transaction() as holding:
        run(holding, "SET LOCAL statement_timeout = 0")
        run(holding, "SET LOCAL idle_in_transaction_session_timeout = 0")
        run(holding, "SELECT FROM accounting_months WHERE month_start = '2025-09-01' FOR SHARE")
        closing.start()
        while not _closing_is(books, "wait_event_type = 'Lock'"):
            pause.wait(0.05)
        run(holding, "SELECT pg_sleep(1)")  # Longer than a desk's statement may take.
    closing.join()

    assert idled
    assert done[0].statement.counts["payments"] == 20


def _closing_is(books: Books, condition: str) -> bool:
    question = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'studio closing%'"
        f" AND datname = current_database() AND {condition}"
    )
    return bool(books.value(question))
