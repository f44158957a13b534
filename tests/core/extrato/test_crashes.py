"""kill -9 of the program or of the server in the middle of a closing of 20,000 payments."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import UnavailableError
from studio_core.extrato.closing import ClosingOptions, close_month
from tests.books import MONTH, Books, Reader
from tests.core.extrato.conftest import Closer

CLOSE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from studio_core.db.engine import Database
    from studio_core.extrato.closing import ClosingOptions, close_month
    from studio_core.months import Month

    def tell(progress):
        print(progress.stage, progress.rows_done, flush=True)

    database = Database(sys.stdin.readline().strip(), application_name="killed")
    close_month(
        database,
        month=Month(2025, 9),
        options=ClosingOptions(backup_dir=Path(sys.argv[1]), batch_size=10),
        on_progress=tell,
    )
    """
)


@pytest.mark.parametrize("stage", ["payments", "sessions", "totals"])
def test_a_killed_closing_leaves_the_month_open_and_complete(
    books: Books, closer: Closer, stage: str
) -> None:
    books.fill(20_000 if stage == "payments" else 2_000)
    closer.back_up()
    before = books.snapshot()

    killed = closing_process(books.database.url, closer.folder)
    assert killed.stdout is not None
    for line in killed.stdout:
        if line.startswith(stage):
            break
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    wait_until_its_backends_are_gone(books)

    assert books.snapshot() == before
    assert books.value("SELECT count(*) FROM archive.payments") == 0
    assert books.value("SELECT state FROM accounting_months WHERE month_start = '2025-09-01'") == (
        "open"
    )
    result = closer.close(batch_size=10_000)
    assert result.statement.counts["payments"] == len(before["payments"])
    assert books.rows("SELECT status FROM extrato_runs ORDER BY id") == [("died",), ("done",)]


def closing_process(url: URL, folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", CLOSE, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert process.stdin is not None
    process.stdin.write(url.render_as_string(hide_password=False) + "\n")
    process.stdin.flush()
    return process


def wait_until_its_backends_are_gone(books: Books) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if not books.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND (application_name LIKE 'killed%' OR application_name LIKE 'studio closing%')"
        ):
            return
        pause.wait(0.01)
    raise AssertionError("the killed program's connections are still open")


def test_a_server_that_crashes_in_a_closing_loses_nothing(
    durable_server: EmbeddedServer, tmp_path: Path
) -> None:
    durable_server.start()
    url = durable_server.create_database("crash")
    migrate(url)
    with Database(url, application_name="tests") as database:
        books = Books(database)
        books.fill(2_000)
        before = books.snapshot()
        closer = Closer(books, tmp_path / "backups")
        closer.back_up()
        crashed = False

        def crash(progress: object) -> None:
            nonlocal crashed
            if not crashed and str(progress).find("commissions") > 0:
                crashed = True
                server_process = durable_server.process_id
                assert server_process is not None
                os.kill(server_process, signal.SIGQUIT)

        with pytest.raises(UnavailableError):
            closer.close(batch_size=50, on_progress=crash)
        assert crashed
    durable_server.start()
    with Database(durable_server.url.set(database="crash"), application_name="tests") as database:
        books.database = database
        assert books.snapshot() == before
        assert closer.close().statement.counts["payments"] == 2_000


def test_an_answer_lost_after_the_commit_is_recognised_as_done(
    books: Books, closer: Closer
) -> None:
    """The connection is cut when the database has committed and the program does not know yet."""
    books.fill(30)
    closer.back_up()
    engine = books.database.engine
    cut = 0

    def commit_and_cut(dbapi_connection: object) -> None:
        nonlocal cut
        cut += 1
        raise UnavailableError("connection_lost")

    commits = engine.dialect.do_commit

    def do_commit(dbapi_connection: object) -> None:
        commits(dbapi_connection)  # type: ignore[arg-type]  # The dialect's own signature.
        if closing_is_done():
            commit_and_cut(dbapi_connection)

    def closing_is_done() -> bool:
        return cut == 0 and extratos.value("SELECT count(*) FROM extratos") == 1

    with Database(books.database.url, application_name="second") as second:
        extratos = Reader(second)
        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]  # The cut is provoked.
        try:
            result = close_month(
                books.database, month=MONTH, options=ClosingOptions(backup_dir=closer.folder)
            )
        finally:
            engine.dialect.do_commit = commits  # type: ignore[method-assign]  # As it was.
    assert cut == 1
    assert result.statement.counts["payments"] == 30
    assert books.rows("SELECT status FROM extrato_runs") == [("done",)]
    with books.database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM extratos")) == 1
