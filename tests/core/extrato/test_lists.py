"""Runs and backups as a list shows them."""

from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.backups.copies import copy_backups
from studio_core.db.paging import Cursor
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.backup_list import BackupLine, backups_overview, page_of_backups
from studio_core.extrato.closing import ClosingOptions, close_month, reopen_month
from studio_core.extrato.request_work import request_correlation
from studio_core.extrato.run_list import EVERY_RUN, RunFilter, RunRow, page_of_runs
from studio_core.extrato.runs import Progress, recorded_run
from studio_core.months import Month
from tests.books import MONTH, Books
from tests.core.db.test_rights import signed_in

AUGUST = Month(2025, 8)


def runs(books: Books, filter: RunFilter = EVERY_RUN) -> list[RunRow]:
    with books.database.transaction() as session:
        return list(page_of_runs(session, filter=filter).rows)


def close(books: Books, folder: Path, month: Month = MONTH, *, rehearse: bool = False) -> None:
    create_backup(books.database, month=month, directory=folder)
    options = ClosingOptions(folder, batch_size=50, rehearse=rehearse)
    close_month(books.database, month=month, options=options)


def test_runs_stand_newest_first_with_what_they_were(books: Books, tmp_path: Path) -> None:
    books.fill(5)
    close(books, tmp_path, rehearse=True)
    close(books, tmp_path)
    with pytest.raises(RuleError):
        close_month(books.database, month=MONTH, options=ClosingOptions(tmp_path))
    reopen_month(books.database, month=MONTH, reason="engano")
    found = runs(books)
    assert [(row.kind, row.status) for row in found] == [
        ("reopen", "done"),
        ("close", "refused"),
        ("close", "done"),
        ("rehearsal", "rehearsed"),
    ]
    assert {row.month for row in found} == {MONTH}
    assert found[1].refusal is not None
    assert found[1].refusal.error.code == "month_already_closed"
    assert (found[2].batch_size, found[2].run_by) == (50, "admin")
    assert found[2].finished_at is not None
    assert (found[2].stage, found[2].rows_done) == ("done", found[2].rows_total)


def test_runs_are_filtered(books: Books, tmp_path: Path) -> None:
    books.fill(5)
    close(books, tmp_path, rehearse=True)
    close(books, tmp_path)
    with pytest.raises(RuleError):
        close_month(books.database, month=MONTH, options=ClosingOptions(tmp_path))
    reopen_month(books.database, month=MONTH, reason="engano")
    assert [row.status for row in runs(books, RunFilter("rehearsal"))] == ["rehearsed"]
    assert [row.status for row in runs(books, RunFilter("close"))] == ["refused", "done"]
    assert [row.kind for row in runs(books, RunFilter("reopen"))] == ["reopen"]
    assert [row.status for row in runs(books, RunFilter(only_trouble=True))] == ["refused"]


def test_running_is_only_what_somebody_runs(books: Books) -> None:
    with recorded_run(books.database, month=MONTH, action="close") as run:
        run.report(Progress("payments", 40, 100), always=True)
        (row,) = runs(books)
        assert row.running
        assert (row.stage, row.rows_done, row.rows_total) == ("payments", 40, 100)
    (row,) = runs(books)
    assert row.status == "died"
    assert runs(books, RunFilter(only_trouble=True)) == [row]


def test_run_for_a_request_says_who_asked(books: Books) -> None:
    request_id = books.value(
        "INSERT INTO extrato_requests (month_start, requested_by)"
        " VALUES ('2025-09-01', :ana) RETURNING id",
        ana=books.ana,
    )
    with recorded_run(
        books.database,
        month=MONTH,
        action="close",
        correlation_id=request_correlation(request_id),
    ) as run:
        run.finish("done")
    (row,) = runs(books)
    assert (row.asked_by, row.run_by) == ("Ana Tinta", "admin")


def test_runs_are_paged_by_key(books: Books) -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO extrato_runs (month_start, action, status)"
                " SELECT '2025-09-01', 'close', 'failed' FROM generate_series(1, 7)"
            )
        )
        seen: list[int] = []
        after: Cursor | None = None
        while True:
            page = page_of_runs(session, after=after, limit=3)
            seen += [row.id for row in page.rows]
            after = page.next
            if after is None:
                break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


def backups(books: Books, **wanted: object) -> list[BackupLine]:
    with books.database.transaction() as session:
        return list(page_of_backups(session, **wanted).rows)  # type: ignore[arg-type] # passed on by name


def full_backup(books: Books, name: str, age: str, drill: str = "NULL, NULL") -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO full_backups (file_name, file_sha256, file_bytes, manifest,"
                " created_at, drilled_at, drill_message)"
                f" VALUES ('{name}', '', 4096, '{{}}', now() - interval '{age}', {drill})"
            )
        )


def test_backups_of_months_and_of_everything_stand_in_one_list(
    books: Books, tmp_path: Path
) -> None:
    books.fill(5)
    full_backup(books, "old.zip", "3 days", "now(), NULL")
    close(books, tmp_path)
    create_backup(books.database, month=AUGUST, directory=tmp_path)
    found = backups(books, directory=tmp_path)
    assert [(line.kind, line.month, line.version, line.present) for line in found] == [
        ("month", AUGUST, None, True),
        ("month", MONTH, 1, True),
        ("full", None, None, False),
    ]
    assert len({line.key for line in found}) == 3
    assert found[1].file_bytes == (tmp_path / found[1].file_name).stat().st_size
    assert found[2].drilled_at is not None
    assert [line.kind for line in backups(books, kind="full")] == ["full"]
    assert [line.present for line in backups(books, kind="month")] == [None, None]


def test_copy_of_a_months_backup_is_told_of(books: Books, tmp_path: Path) -> None:
    create_backup(books.database, month=MONTH, directory=tmp_path)
    assert [line.copied_at for line in backups(books)] == [None]
    second = tmp_path / "second"
    second.mkdir()
    copy_backups(books.database, directory=tmp_path, copy_dir=second)
    (line,) = backups(books)
    assert line.copied_at is not None


def test_overview_counts_what_one_wants_to_know(books: Books, tmp_path: Path) -> None:
    with books.database.transaction() as session:
        nothing = backups_overview(session)
    assert (nothing.closed, nothing.backed_up, nothing.full_at, nothing.drilled_at) == (
        0,
        0,
        None,
        None,
    )
    books.fill(5)
    close(books, tmp_path)
    options = ClosingOptions(tmp_path, require_backup=False)
    close_month(books.database, month=AUGUST, options=options)
    full_backup(books, "a.zip", "2 days", "now() - interval '1 day', NULL")
    full_backup(books, "b.zip", "1 hour")
    with books.database.transaction() as session:
        found = backups_overview(session)
    assert (found.closed, found.backed_up, found.full_bytes) == (2, 1, 4096)
    assert not found.drill_failed
    full_backup(books, "c.zip", "1 hour", "now(), 'a table is missing'")
    with books.database.transaction() as session:
        assert backups_overview(session).drill_failed


@pytest.mark.parametrize("group", ["studio_owner"])
def test_owner_reads_runs_and_backups(books: Books, group: str, tmp_path: Path) -> None:
    books.fill(3)
    close(books, tmp_path)
    with signed_in(books, group) as owner, owner.transaction() as session:
        assert len(page_of_runs(session).rows) == 1
        assert len(page_of_backups(session).rows) == 1
        assert backups_overview(session).closed == 1
