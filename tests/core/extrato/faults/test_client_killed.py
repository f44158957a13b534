"""kill -9 of the program that closes or backs up, at each step."""

import pytest
from sqlalchemy import text

from tests.background import until
from tests.books import Books
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.held_commit import HeldCommit
from tests.core.extrato.faults.month import TheMonth
from tests.core.extrato.faults.victim import TABLES, Victim

NO_VICTIM = (
    "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database()"
    " AND (application_name LIKE 'victim%' OR application_name LIKE 'studio closing%')"
)


def kill_at(books: Books, closer: Closer, step: str, work: str = "close") -> None:
    victim = Victim(books.database.url, closer.folder, halt_at=step, work=work)
    victim.wait_until_halted()
    victim.kill()
    until(books, NO_VICTIM, "the killed program's connections are still open")


@pytest.mark.parametrize("step", ["begin", "backup", *TABLES, "totals"])
def test_client_killed_at_a_step_leaves_the_month_as_it_was(
    books: Books, closer: Closer, step: str
) -> None:
    month = TheMonth(closer)
    kill_at(books, closer, step)
    month.is_as_it_was()
    month.closes_now()
    assert month.statuses() == ["died", "done"]


def test_client_killed_in_the_commit_and_noticed_leaves_the_month_as_it_was(
    books: Books, closer: Closer
) -> None:
    """The server looks for its client while it works, and rolls back when that is gone."""
    with books.database.transaction() as session:
        name = books.database.url.database
        session.execute(
            text(f"ALTER DATABASE {name} SET client_connection_check_interval = '100ms'")
        )
    month = TheMonth(closer)
    held = HeldCommit(books.database.url)
    victim = Victim(books.database.url, closer.folder, halt_at=None)
    held.wait_until_reached()
    victim.kill()
    until(books, NO_VICTIM, "the server works on for nobody")
    held.release()
    month.is_as_it_was()
    month.closes_now()
    assert month.statuses() == ["died", "done"]


def test_client_killed_in_the_commit_that_goes_on_is_recognised_as_done(
    books: Books, closer: Closer
) -> None:
    month = TheMonth(closer)
    held = HeldCommit(books.database.url)
    victim = Victim(books.database.url, closer.folder, halt_at=None)
    held.wait_until_reached()
    victim.kill()
    held.release()
    until(books, NO_VICTIM, "the commit never ended")
    month.is_closed_once()
    closer.back_up_and_close(force=True)
    assert month.statuses() == ["done", "done"]
    assert books.rows("SELECT version, run_id FROM extratos ORDER BY id") == [(1, 1), (2, 2)]


def test_client_killed_in_the_middle_of_the_backups_file_leaves_no_backup(
    books: Books, closer: Closer
) -> None:
    month = TheMonth(closer, backed_up=False)
    kill_at(books, closer, "payments", work="backup")
    (unfinished,) = closer.folder.iterdir()
    assert unfinished.suffix == ".partial"
    assert books.value("SELECT count(*) FROM backups") == 0
    month.is_as_it_was()
    closer.back_up()
    month.closes_now()
