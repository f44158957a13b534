"""The database's time-outs: what they end, and what they must leave alone."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.changes import CHANNEL
from studio_core.clients.csv_import import import_clients_csv, read_clients_csv
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.db.migrations import migrate
from studio_core.db.time_outs import TIME_OUTS, time_outs_for
from studio_core.errors import RuleError, UnavailableError
from studio_core.extrato import closing
from studio_core.extrato.backup import verify_backup
from studio_core.extrato.closing import reopen_month
from studio_core.extrato.health import look_at_health
from studio_core.extrato.runs import Progress
from studio_core.extrato.verify import verify_chain
from tests.background import (
    Background,
    table_kept_for_longer_than_a_second,
    until_somebody_waits,
    wait_until,
)
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.month import TheMonth
from tests.database_settings import set_for_database

# The closing's own backend, as it names itself.
_CLOSING = (
    "SELECT {0}(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'studio closing%'"
)
# As the server shows them; the last two where its system can.
_SHOWN = {
    "statement_timeout": "30s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "1min",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "client_connection_check_interval": "10s",
    "tcp_user_timeout": "60000",
}


def test_every_connection_of_a_desk_begins_with_the_time_outs(reception: Database) -> None:
    with reception.transaction() as session:
        wanted = time_outs_for(session.execute(text("SELECT version()")).scalar_one())
        shown = {name: session.execute(text(f"SHOW {name}")).scalar_one() for name in wanted}
    assert set(TIME_OUTS) <= set(shown)
    assert shown == {name: _SHOWN[name] for name in wanted}


def test_a_server_is_only_given_what_its_system_knows() -> None:
    windows = time_outs_for("PostgreSQL 18.0 on x86_64-windows, compiled by msvc-19.44, 64-bit")
    assert windows == TIME_OUTS
    debian = time_outs_for("PostgreSQL 15.8 (Debian 15.8-1) on x86_64-pc-linux-gnu, by gcc")
    assert set(debian) - set(TIME_OUTS) == {"client_connection_check_interval", "tcp_user_timeout"}


def test_runaway_query_of_a_desk_is_ended_with_our_sentence(
    books: Books, reception: Database
) -> None:
    set_for_database(books.database, statement_timeout="300ms")
    with pytest.raises(UnavailableError) as ended, reception.transaction() as session:
        session.execute(text("SELECT count(*) FROM payments, generate_series(1, 1000000000000)"))
    assert str(ended.value) == "That took too long and was stopped. Nothing was changed."
    with reception.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM payments")) == 0


def test_listening_desk_hears_whatever_the_time_outs_are(books: Books) -> None:
    set_for_database(books.database, statement_timeout="200ms", lock_timeout="200ms")
    listener = Listener(books.database.url)
    with books.database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SELECT pg_sleep(0.5)"))  # Longer than any of them.
    books.rows(f'SELECT pg_notify(\'{CHANNEL}\', \'{{"table": "payments", "ids": [1]}}\')')
    wait_until(listener.poll)
    listener.close()


def _verify_backup(books: Books, closer: Closer) -> None:
    (path,) = closer.folder.glob("*.zip")
    with books.database.transaction() as session:
        assert verify_backup(session, path).stale == ()


def _verify_chain(books: Books, _closer: Closer) -> None:
    with books.database.transaction() as session:
        assert verify_chain(session) == ()


def _monitor(books: Books, closer: Closer) -> None:
    with books.database.transaction() as session:
        health = look_at_health(session, backup_dir=closer.folder, log_dir=closer.folder)
        assert health.level("chain") == "ok"


@pytest.mark.parametrize(
    ("table", "long_work"),
    [
        ("payments", lambda _books, closer: closer.back_up()),
        ("payments", _verify_backup),
        ("payments", lambda _books, closer: closer.close()),
        ("archive.payments", lambda _books, closer: closer.close(force=True)),
        (
            "archive.payments",
            lambda books, _: reopen_month(books.database, month=MONTH, reason="x"),
        ),
        ("archive.payments", _verify_chain),
        ("archive.payments", _monitor),
        ("payments", lambda books, _: migrate(books.database.url)),
    ],
    ids=[
        *("backup", "verify_backup", "closing", "closing_again", "reopening", "verify"),
        *("monitor", "migrate"),
    ],
)
def test_statement_time_out_leaves_long_work_alone(
    books: Books,
    closer: Closer,
    table: str,
    long_work: Callable[[Books, Closer], object],
) -> None:
    books.fill(5)
    closer.back_up()
    if table.startswith("archive"):
        closer.close()
    set_for_database(books.database, statement_timeout="1s")
    with table_kept_for_longer_than_a_second(books, table):
        long_work(books, closer)


def test_statement_time_out_leaves_an_import_of_clients_alone(books: Books, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("Nome;Telefone\nÉrica Sá;11 98765-4321\n", "utf-8")
    with books.database.transaction() as session:
        preview = read_clients_csv(file, session)
    set_for_database(books.database, statement_timeout="1s")
    with (
        table_kept_for_longer_than_a_second(books, "clients"),
        books.database.transaction() as session,
    ):
        assert import_clients_csv(session, preview, skip_bad=False).imported == 1


def test_lock_time_out_at_the_closings_last_step_names_who_is_in_the_way(
    books: Books, closer: Closer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_LAST_WAIT", "1500ms")
    month = TheMonth(closer)
    with (
        Database(books.database.url, application_name="psql", pool_size=1) as other,
        other.transaction() as session,
    ):
        session.execute(text("LOCK TABLE extratos IN SHARE UPDATE EXCLUSIVE MODE"))
        with pytest.raises(RuleError) as refused:
            closer.close()
    said = "The month 2025-09 is in use by admin (psql). Try again when that is finished."
    assert str(refused.value) == said
    month.is_as_it_was()
    assert month.runs() == [("refused", said)]
    month.closes_now()


@pytest.mark.parametrize(
    ("ended_by", "said"),
    [
        ("pg_cancel_backend", "That took too long and was stopped. Nothing was changed."),
        ("pg_terminate_backend", "The connection to the database was lost. Try again."),
    ],
)
def test_closing_ended_on_the_server_leaves_the_month_as_it_was(
    books: Books, closer: Closer, ended_by: str, said: str
) -> None:
    """By a time-out of somebody's own, or by an administrator's hand: the server does the same."""
    month = TheMonth(closer)
    with (
        Database(books.database.url, application_name="psql", pool_size=1) as other,
        other.transaction() as session,
    ):
        session.execute(text("LOCK TABLE extratos IN SHARE UPDATE EXCLUSIVE MODE"))
        running = Background(closer.close)
        until_somebody_waits(books)
        assert session.scalar(text(_CLOSING.format(ended_by)))
        with pytest.raises(UnavailableError):
            running.result()
    month.is_as_it_was()
    assert month.runs() == [("failed", said)]
    month.closes_now()


def test_cancel_at_the_last_moment_leaves_the_month_as_it_was(
    books: Books, closer: Closer, tmp_path: Path
) -> None:
    month = TheMonth(closer)
    asked = threading.Event()

    def ask(progress: Progress) -> None:
        if progress.stage == "totals":
            asked.set()

    with pytest.raises(RuleError, match="cancelled"):
        closer.close(on_progress=ask, cancelled=asked.is_set)
    month.is_as_it_was()
    assert month.statuses() == ["cancelled"]
    month.closes_now()
