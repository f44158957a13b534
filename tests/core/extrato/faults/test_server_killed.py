"""The database server killed without a word (`immediate`), on a cluster that is really durable."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.errors import UnavailableError
from studio_core.extrato import runs
from studio_core.extrato.backup import create_backup
from studio_core.extrato.runs import Progress
from tests.background import Background, wait_until
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.held_commit import HeldCommit
from tests.core.extrato.faults.month import TheMonth


def kill(server: EmbeddedServer) -> None:
    """As `pg_ctl stop -m immediate` does; returns once it is gone."""
    process_id = server.process_id
    assert process_id is not None
    os.kill(process_id, signal.SIGQUIT)
    wait_until(lambda: server.process_id is None)


class KilledOnce:
    """Kills the server at a step, and starts it again while the program still wonders."""

    def __init__(self, server: EmbeddedServer, at: Callable[[Progress], bool]) -> None:
        self._server = server
        self._at = at
        self._restart: Background | None = None

    def __call__(self, progress: Progress) -> None:
        if self._restart is None and self._at(progress):
            kill(self._server)
            self._restart = Background(self._server.start)

    def is_up_again(self) -> None:
        assert self._restart is not None, "it was never killed"
        self._restart.result()


@pytest.mark.parametrize(
    "at",
    [
        lambda told: told.stage == "commissions" and told.rows_done > 45,
        lambda told: told.stage == "totals",
    ],
    ids=["during_a_batch", "after_the_last_batch"],
)
def test_server_killed_leaves_the_month_as_it_was(
    durable_server: EmbeddedServer,
    durable_closer: Closer,
    at: Callable[[Progress], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "_EVERY_S", 0.0)  # Every batch is reported.
    month = TheMonth(durable_closer)
    killed = KilledOnce(durable_server, at)
    with pytest.raises(UnavailableError, match="connection to the database was lost"):
        durable_closer.close(batch_size=5, on_progress=killed)
    killed.is_up_again()
    month.is_as_it_was()
    assert month.runs() == [("failed", "The connection to the database was lost. Try again.")]
    month.closes_now()
    assert month.statuses() == ["failed", "done"]


def test_server_killed_for_longer_than_the_program_waits_leaves_a_run_that_died(
    durable_server: EmbeddedServer,
    durable_closer: Closer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody could say how it ended, so nothing was written; the next run tells it by the rows."""
    monkeypatch.setattr("studio_core.extrato.closing._LOOKS_AFTER_S", (0.0,))
    month = TheMonth(durable_closer)

    def killed_for_good(progress: Progress) -> None:
        if progress.stage == "payments" and durable_server.process_id is not None:
            kill(durable_server)

    with pytest.raises(UnavailableError):
        durable_closer.close(on_progress=killed_for_good)
    durable_server.start()
    month.is_as_it_was()
    assert month.runs() == [("running", None)]
    month.closes_now()
    assert month.statuses() == ["died", "done"]


def test_server_killed_during_the_commit_before_it_is_durable_leaves_the_month_as_it_was(
    durable_server: EmbeddedServer, durable_books: Books, durable_closer: Closer
) -> None:
    month = TheMonth(durable_closer)
    held = HeldCommit(durable_books.database.url)
    closing = Background(durable_closer.close)
    held.wait_until_reached()
    kill(durable_server)
    durable_server.start()
    held.release()
    with pytest.raises(UnavailableError):
        closing.result()
    month.is_as_it_was()
    assert month.statuses() == ["failed"]
    month.closes_now()
    assert month.statuses() == ["failed", "done"]


@contextmanager
def waiting_for_a_standby(server: EmbeddedServer, books: Books) -> Iterator[None]:
    """A server whose commits wait for a standby that never comes, where they ask for it."""
    name = books.database.url.database
    with Database(server.url, application_name="tests-admin") as admin:
        with admin.connection() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = 'local'")
            connection.exec_driver_sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        books.database.close()
        server.stop()
        server.start()
        try:
            yield
        finally:
            with admin.connection() as connection:
                connection.exec_driver_sql("ALTER SYSTEM RESET synchronous_standby_names")
                connection.exec_driver_sql("SELECT pg_reload_conf()")


def test_server_killed_during_the_commit_once_it_is_durable_is_recognised_as_done(
    durable_server: EmbeddedServer, durable_books: Books, durable_closer: Closer
) -> None:
    month = TheMonth(durable_closer)
    with waiting_for_a_standby(durable_server, durable_books):
        held = HeldCommit(durable_books.database.url, durable=True)
        closing = Background(durable_closer.close)
        held.wait_until_reached()
        kill(durable_server)
        durable_server.start()
        held.release()
        assert closing.result().statement.version == 1
    month.is_closed_once()
    assert month.runs() == [("done", None)]


def test_server_killed_while_a_backup_is_written_leaves_no_backup(
    durable_server: EmbeddedServer, durable_books: Books, durable_closer: Closer
) -> None:
    month = TheMonth(durable_closer, backed_up=False)
    killed = KilledOnce(durable_server, lambda told: told.stage == "payments")
    with pytest.raises(UnavailableError):
        create_backup(
            durable_books.database,
            month=MONTH,
            directory=durable_closer.folder,
            on_progress=killed,
        )
    killed.is_up_again()
    assert list(durable_closer.folder.iterdir()) == []
    assert durable_books.value("SELECT count(*) FROM backups") == 0
    month.is_as_it_was()
    durable_closer.back_up()
    month.closes_now()
