"""The months of the books in a list, and one with what stands around it."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month, reopen_month
from studio_core.extrato.overview import BookMonth, book_months, month_statement, open_figures
from studio_core.extrato.records import RunUnderWay, ask_to_stop, runs_under_way
from studio_core.extrato.runs import Progress, recorded_run
from studio_core.months import Month
from tests.books import MONTH, Books


def _month(books: Books, month: Month = MONTH) -> BookMonth:
    with books.database.transaction() as session:
        return next(found for found in book_months(session) if found.month == month)


def _close(books: Books, folder: Path, *, force: bool = False) -> None:
    create_backup(books.database, month=MONTH, directory=folder)
    close_month(books.database, month=MONTH, options=ClosingOptions(folder, force=force))


def test_month_goes_from_open_to_closed_and_open_again(books: Books, tmp_path: Path) -> None:
    books.pay("100.00")
    found = _month(books)
    assert (found.over, found.closed, found.versions, found.figures) == (True, False, (), None)
    _close(books, tmp_path)
    found = _month(books)
    assert (found.version, found.versions, found.late) == (1, (1,), False)
    assert found.figures is not None
    assert found.figures.gross_revenue == Decimal("100.00")
    reopen_month(books.database, month=MONTH, reason="why not")
    found = _month(books)
    assert (found.over, found.closed, found.versions) == (True, False, (1,))
    _close(books, tmp_path)
    assert _month(books).versions == (2, 1)


def test_entries_beside_a_closed_month_are_late(books: Books, tmp_path: Path) -> None:
    books.pay("100.00")
    _close(books, tmp_path)
    with books.database.transaction() as session:
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        session.connection().exec_driver_sql(
            "INSERT INTO payments (paid_on, amount, method, artist_id)"
            f" VALUES ('2025-09-30', 10, 'pix', {books.ana})"
        )
    assert _month(books).late
    _close(books, tmp_path, force=True)
    assert not _month(books).late


def test_figures_are_of_open_months_only(books: Books, tmp_path: Path) -> None:
    books.pay("100.00")
    books.spend("30.00")
    with books.database.transaction() as session:
        found = open_figures(session, (MONTH,))[MONTH]
    assert (found.net_revenue, found.payments) == (Decimal("20.00"), 1)
    _close(books, tmp_path)
    with books.database.transaction() as session:
        assert open_figures(session, (MONTH,)) == {}


def test_statement_comes_with_its_versions_backup_and_the_month_before(
    books: Books, tmp_path: Path
) -> None:
    books.pay("80.00", paid_on=MONTH.previous().last_day)
    books.pay("100.00")
    with books.database.transaction() as session:
        shown = month_statement(session, MONTH)
    assert (shown.statement.version, shown.current, shown.versions, shown.backup) == (
        None,
        True,
        (),
        None,
    )
    assert shown.previous is not None
    assert shown.previous.gross_revenue == Decimal("80.00")
    _close(books, tmp_path)
    reopen_month(books.database, month=MONTH, reason="why not")
    _close(books, tmp_path)
    with books.database.transaction() as session:
        newest = month_statement(session, MONTH)
        first = month_statement(session, MONTH, 1)
        with pytest.raises(RuleError, match="version 3"):
            month_statement(session, MONTH, 3)
    assert (newest.statement.version, newest.current, newest.versions) == (2, True, (2, 1))
    assert newest.backup is not None
    assert newest.backup.file_name.startswith("2025-09_")
    assert (first.statement.version, first.current) == (1, False)


def test_month_without_a_month_before_has_none_to_compare_with(books: Books) -> None:
    books.pay("100.00")
    with books.database.transaction() as session:
        assert month_statement(session, MONTH).previous is None


def test_run_is_seen_while_it_lives_and_can_be_asked_to_stop(books: Books) -> None:
    running, stop = threading.Event(), threading.Event()
    asked: list[bool] = []

    def run_elsewhere() -> None:
        with (
            Database(books.database.url, application_name="elsewhere") as own,
            recorded_run(own, month=MONTH, action="close") as run,
        ):
            run.report(Progress("payments", 10, 40), always=True)
            running.set()
            stop.wait(30)
            run.report(Progress("payments", 20, 40), always=True)
            asked.append(run.cancel_requested())

    thread = threading.Thread(target=run_elsewhere)
    thread.start()
    assert running.wait(30)
    (found,) = _under_way(books)
    assert (found.month, found.action, found.stage) == (MONTH, "close", "payments")
    assert (found.rows_done, found.rows_total, found.cancel_requested) == (10, 40, False)
    with books.database.transaction() as session:
        ask_to_stop(session, found.run_id)
    stop.set()
    thread.join()
    assert asked == [True]
    # The record still says "running", but nothing holds its lock any more.
    assert books.value("SELECT status FROM extrato_runs") == "running"
    with books.database.connection() as other:
        lock = f"(hashtext('studio.run'), {found.run_id})"
        other.exec_driver_sql(f"SELECT pg_advisory_lock{lock}, pg_advisory_unlock{lock}")
    assert _under_way(books) == ()


def _under_way(books: Books) -> tuple[RunUnderWay, ...]:
    with books.database.transaction() as session:
        return runs_under_way(session)
