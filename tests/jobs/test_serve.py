"""studio-jobs serve as real processes: alone, three at once, stopped, killed, not set up."""

import json
import signal
from datetime import UTC, datetime, timedelta
from urllib.error import URLError

import pytest

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.extrato.requests import request_extrato
from studio_core.months import Month
from tests.books import MONTH, Books, closings_held_at_their_end
from tests.jobs.conftest import Jobs, written
from tests.jobs.serving import (
    PATIENCE_S,
    begin,
    clock_set_before_the_first,
    free_port,
    last_runs,
    serve,
    wait_until,
    wait_until_alive,
)

# A clock by which nothing of the tests' books is due yet.
LONG_AGO = str(-10 * 365 * 24 * 3600)


@pytest.fixture
def last_month(books: Books) -> Month:
    """Last month at the studio, with some payments in it; the months before are closed."""
    return Month.of(books.value("SELECT studio.today()")).previous()


def fill(books: Books, month: Month, payments: int) -> None:
    books.fill(payments, month)


def test_three_servers_back_up_and_close_once_when_the_first_comes(
    jobs: Jobs, books: Books, last_month: Month
) -> None:
    fill(books, last_month, 500)
    environment = clock_set_before_the_first(10)
    the_first = datetime.now(UTC) + timedelta(seconds=10)
    three = [begin(jobs, **environment) for _ in range(3)]
    for served in three:
        wait_until_alive(served)
    wait_until(lambda: last_runs(books) == [("close", "done")])
    wait_until(lambda: books.value("SELECT count(*) FROM full_backups"))
    for served in three:
        wait_until(lambda served=served: served.get("/ready/extrato").status == 200)  # type: ignore[misc] # bound at once
        served.stop()
    assert last_runs(books) == [("close", "done")]
    assert books.value("SELECT count(*) FROM full_backups") == 1
    # The offset has no fractions of a second.
    began = books.value("SELECT min(started_at) FROM extrato_runs")
    assert the_first - timedelta(seconds=2) < began
    assert books.value("SELECT count(*) FROM backups") == 1
    assert books.value("SELECT count(*) FROM extratos") == 1
    assert len(list(jobs.backup_dir.glob("*.backup.zip"))) == 1
    assert len(list(jobs.backup_dir.glob("*.full.zip"))) == 1


def test_server_that_was_off_on_the_first_catches_up(
    jobs: Jobs, books: Books, last_month: Month
) -> None:
    fill(books, last_month, 20)
    served = serve(jobs)
    wait_until(lambda: last_runs(books) == [("close", "done")])
    wait_until(lambda: served.get("/ready/extrato").status == 200)
    served.stop()
    assert "chore_done" in (jobs.log_dir / "atomic_extrato_cron.log").read_text("utf-8")
    assert "closing_done" in (jobs.log_dir / "atomic_extrato.log").read_text("utf-8")
    assert "backup_created" in (jobs.log_dir / "backup_process.log").read_text("utf-8")


def test_sigterm_in_the_middle_of_a_closing_rolls_it_back(
    jobs: Jobs, books: Books, last_month: Month
) -> None:
    fill(books, last_month, 4000)
    before = books.snapshot(last_month)
    served = serve(jobs, BATCH_SIZE="1")
    wait_until(lambda: books.value("SELECT coalesce(max(rows_done), 0) FROM extrato_progress"))
    assert served.get("/ready/extrato").status == 503
    served.stop()
    assert last_runs(books) == [("close", "cancelled")]
    assert books.snapshot(last_month) == before
    assert books.value("SELECT count(*) FROM alerts") == 0
    with pytest.raises(URLError, match="refused"):
        served.get("/health")


def test_sigterm_is_obeyed_in_time_though_a_step_of_the_closing_hangs(
    jobs: Jobs, books: Books, last_month: Month
) -> None:
    fill(books, last_month, 50)
    before = books.snapshot(last_month)
    with books.database.transaction() as session:
        # The closing's last step waits for this one, for up to a minute.
        session.connection().exec_driver_sql("LOCK extratos IN SHARE ROW EXCLUSIVE MODE")
        served = serve(jobs)
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'extratos'::regclass"
        )
        wait_until(lambda: books.value(waiting))
        served.stop()
    assert "work_left_behind" in (jobs.log_dir / "app.log").read_text("utf-8")
    backends = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'studio closing%'"
    wait_until(lambda: books.value(backends) == 0)
    assert books.snapshot(last_month) == before
    assert books.value("SELECT count(*) FROM extratos") == 0
    again = serve(jobs)
    wait_until(lambda: last_runs(books) == [("close", "died"), ("close", "done")])
    again.stop()


@pytest.mark.timeout(
    240
)  # It may meet the dead server's last statement, and tries again after 60 s.
def test_another_server_takes_over_from_one_that_was_killed(
    jobs: Jobs, books: Books, last_month: Month
) -> None:
    fill(books, last_month, 300)
    with closings_held_at_their_end(books.database):
        first = serve(jobs)
        wait_until(lambda: books.value("SELECT coalesce(max(rows_done), 0) FROM extrato_progress"))
        second = serve(jobs)
        first.process.send_signal(signal.SIGKILL)
        first.process.communicate(timeout=PATIENCE_S)
    wait_until(lambda: last_runs(books)[-1] == ("close", "done"), patience_s=150)
    assert last_runs(books)[0] == ("close", "died")
    assert books.value("SELECT count(*) FROM extratos") == 1
    second.stop()


def test_server_without_a_database_says_so_and_recovers(jobs: Jobs, books: Books) -> None:
    url = jobs.environment["DATABASE_URL"]
    head, _, name = url.rpartition("/")
    host, _, _ = head.rpartition(":")
    served = serve(jobs, DATABASE_URL=f"{host}:{free_port()}/{name}")
    assert served.get("/health").status == 200
    answer = served.get("/ready")
    assert (answer.status, answer.json["code"]) == (503, "database_unreachable")
    assert "database does not answer" in served.stop()


def test_server_lives_through_a_restart_of_its_database(
    jobs: Jobs, durable_server: EmbeddedServer
) -> None:
    admin = durable_server.start().set(database="restarted")
    with (
        Database(durable_server.url, application_name="tests") as maintenance,
        maintenance.connection() as connection,
    ):
        connection.exec_driver_sql("DROP DATABASE IF EXISTS restarted")
        connection.exec_driver_sql("CREATE DATABASE restarted")
    migrate(admin)
    served = serve(jobs, DATABASE_URL=written(admin))
    assert served.get("/ready").status == 200
    durable_server.stop()
    down = served.get("/ready")
    assert (down.status, down.json["code"]) == (503, "database_unreachable")
    assert served.get("/health").status == 200
    assert "studio_database_up 0.0" in served.get("/metrics").body
    assert durable_server.start().port == admin.port, "it must come back where it was"
    wait_until(lambda: served.get("/ready").status == 200)
    with Database(admin, application_name="tests") as database:
        books = Books(database)
        with database.transaction() as session:
            request_id = request_extrato(session, month=MONTH)
        status = "SELECT status FROM extrato_requests WHERE id = :id"
        wait_until(lambda: books.value(status, id=request_id) == "done")
    served.stop()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"SERVE_PORT": "99999"}, "SERVE_PORT"),
        ({"STUDIO_CLOCK_OFFSET_S": "60"}, "STUDIO_CLOCK_OFFSET_S"),
        ({"SERVE_HOST": "192.0.2.1"}, "192.0.2.1"),
    ],
)
def test_wrong_setting_ends_it_with_a_sentence(
    jobs: Jobs, changes: dict[str, str], told: str
) -> None:
    ran = jobs("serve", **changes)
    assert ran.code == 2
    assert told in ran.err


def test_wrong_password_ends_it_with_a_sentence(jobs: Jobs) -> None:
    url = jobs.environment["DATABASE_URL"]
    ran = jobs("serve", DATABASE_URL=url.replace("rk-er", "rong"))
    assert ran.code == 2
    assert "refuses the login" in ran.err


def test_taken_port_ends_it_with_a_sentence(jobs: Jobs, books: Books) -> None:
    served = serve(jobs)
    port = served.url.rpartition(":")[2]
    ran = jobs("serve", "--port", port)
    assert ran.code == 2
    assert port in ran.err
    served.stop()


def test_request_of_an_owner_is_carried_out_within_seconds(jobs: Jobs, books: Books) -> None:
    books.pay("300")
    served = serve(jobs)
    with books.database.transaction() as session:
        session.connection().exec_driver_sql("SELECT studio.request_extrato('2025-09-01')")
    wait_until(lambda: books.value("SELECT status FROM extrato_requests") == "done", 10)
    run_id = books.value("SELECT run_id FROM extrato_requests")
    assert books.value("SELECT id FROM extrato_runs WHERE status = 'done' AND id = :id", id=run_id)
    served.stop()


def test_request_of_a_server_that_was_killed_is_carried_out_by_another(
    jobs: Jobs, books: Books
) -> None:
    books.fill(4000)
    first = serve(jobs, BATCH_SIZE="1", STUDIO_ENV="development", STUDIO_CLOCK_OFFSET_S=LONG_AGO)
    with books.database.transaction() as session:
        request_id = request_extrato(session, month=MONTH)
    wait_until(lambda: books.value("SELECT coalesce(max(rows_done), 0) FROM extrato_progress"))
    first.process.send_signal(signal.SIGKILL)
    first.process.communicate(timeout=PATIENCE_S)
    second = serve(jobs, STUDIO_ENV="development", STUDIO_CLOCK_OFFSET_S=LONG_AGO)
    wait_until(lambda: books.value("SELECT status FROM extrato_requests") == "done")
    assert last_runs(books) == [("close", "died"), ("close", "done")]
    assert books.value("SELECT id FROM extrato_requests") == request_id
    second.stop()


def test_two_servers_serve_each_request_once(jobs: Jobs, books: Books) -> None:
    for month in range(1, 7):
        books.pay("100", paid_on=Month(2025, month).first_day)
    two = [serve(jobs), serve(jobs)]
    with books.database.transaction() as session:
        session.connection().exec_driver_sql(
            "SELECT studio.request_extrato(make_date(2025, m, 1)) FROM generate_series(1, 6) AS m"
        )
    wait_until(
        lambda: books.value("SELECT count(*) FROM extrato_requests WHERE status = 'done'") == 6
    )
    for served in two:
        served.stop()
    asked = "SELECT count(*) FROM extrato_runs WHERE correlation_id LIKE 'request-%'"
    assert books.value(asked) == 6


def test_log_of_a_server_holds_no_secret(jobs: Jobs, books: Books) -> None:
    served = serve(jobs)
    served.get("/db-test")
    served.get("/nothing?token=very-secret")
    served.stop()
    for file in jobs.log_dir.iterdir():
        text = file.read_text("utf-8")
        assert "er@pw" not in text
        assert "very-secret" not in text
        for line in text.splitlines():
            json.loads(line)
