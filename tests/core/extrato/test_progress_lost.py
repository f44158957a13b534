"""The connection that a closing's progress travels on is cut; the closing's own is not."""

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import UnavailableError
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.runs import Progress
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer

CUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
    " WHERE locktype = 'advisory' AND classid = CAST(CAST(hashtext('studio.run') AS bit(32))"
    " AS bigint) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def test_a_closing_whose_progress_is_cut_off_says_so(books: Books, closer: Closer) -> None:
    """Not as a fault of ours, and its month stays as it was."""
    books.fill(20)
    closer.back_up()
    before = books.snapshot()
    cut: list[str] = []

    def cut_once(progress: Progress) -> None:
        if progress.stage == "backup" and not cut:
            cut.append(progress.stage)
            with books.database.transaction() as session:
                assert session.scalars(text(CUT)).all() == [True]

    with (
        Database(books.database.url, application_name="closing") as own,
        pytest.raises(UnavailableError, match="connection to the database was lost"),
    ):
        close_month(
            own,
            month=MONTH,
            options=ClosingOptions(backup_dir=closer.folder),
            on_progress=cut_once,
        )
    assert cut
    assert books.snapshot() == before
    assert closer.close().statement.counts["payments"] == 20
    assert books.rows("SELECT status FROM extrato_runs ORDER BY id") == [("failed",), ("done",)]
