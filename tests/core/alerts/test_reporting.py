"""The thread that tells of slow statements: what it tells, when it obeys, whom it leaves alone."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text

from studio_core.alerts.policy import SlowQueryPolicy
from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.config import SettingsFile, setting_names
from studio_core.db.engine import Database
from studio_core.observability import at_route, correlation
from studio_core.observability.statements import StatementWatch
from studio_core.settings.actions import change_setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD, ALERT_SLOW_QUERY_ENABLED
from tests.books import Books, run

_PATIENCE_S = 20.0
EVERYTHING = SlowQueryPolicy(enabled=True, threshold_ms=1)
# On a busy computer other statements are slow, too.
_COUNTED = "SELECT details ->> 'count' FROM alerts WHERE message LIKE '%pg_sleep%'"


class Desk:
    """A program with a database whose statements are measured, and its reporter."""

    def __init__(self, url: URL, file: Path) -> None:
        self.file = file
        self.watch = StatementWatch()
        self.database = Database(url, application_name="desk", pool_size=2, watch=self.watch)
        settings_file = SettingsFile(file)
        self.reporter = SlowQueryReporter(
            settings_file, settings_file.load(), program="tests", watch=self.watch
        )
        self.reporter.start()

    def wait(self, milliseconds: int = 5, mark: str = "") -> None:
        """A statement of that length; mark makes it another one."""
        with self.database.transaction() as session:
            run(session, f"SELECT pg_sleep(:seconds) {mark}", seconds=milliseconds / 1000)

    def close(self) -> None:
        self.reporter.close()
        self.database.close()


@pytest.fixture
def desk(
    database_url: URL,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Desk]:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.INFO)
    made = Desk(database_url, tmp_path / ".env")
    yield made
    made.close()


def told(caplog: pytest.LogCaptureFixture, event: str = "slow_query") -> list[dict[str, Any]]:
    said = [record.msg for record in caplog.records]
    return [each for each in said if isinstance(each, dict) and each.get("event") == event]


def sleeps(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [line for line in told(caplog) if "pg_sleep" in line["statement"]]


def wait_until(question: Callable[[], object]) -> None:
    give_up = time.monotonic() + _PATIENCE_S
    while not question():
        assert time.monotonic() < give_up, "it never came to be"
        time.sleep(0.02)


def test_slow_statement_is_a_line_and_a_row(
    desk: Desk, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 50))
    with correlation("c-9"), at_route("payments"):
        desk.wait(60)
    desk.wait(1)

    wait_until(lambda: books.rows(_COUNTED))
    (line,) = sleeps(caplog)
    url = desk.database.url
    assert (line["level"], line["logger"]) == ("warning", "sql.alerts")
    assert (line["correlation_id"], line["route"], line["login"]) == ("c-9", "payments", "admin")
    assert line["target"] == f"127.0.0.1:{url.port}/{url.database}"
    assert line["statement"] == "SELECT pg_sleep(%(seconds)s)"
    assert (line["milliseconds"] >= 60, line["threshold_ms"]) == (True, 50)
    ((details,),) = books.rows("SELECT details FROM alerts WHERE message LIKE '%pg_sleep%'")
    assert (details["route"], details["program"], details["count"]) == ("payments", "tests", 1)


def test_setting_of_the_studio_holds_as_soon_as_it_is_heard_of(
    desk: Desk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def decide(enabled: bool, threshold_ms: int) -> None:
        with database.transaction() as session:
            change_setting(session, ALERT_SLOW_QUERY_ENABLED, enabled)
            change_setting(session, ALERT_QUERY_MS_THRESHOLD, threshold_ms)
        desk.reporter.reread()
        wait_until(lambda: desk.reporter.policy == SlowQueryPolicy(enabled, threshold_ms))

    desk.reporter.attach(desk.database)
    decide(True, 20)
    desk.wait(25)
    wait_until(lambda: len(sleeps(caplog)) == 1)
    decide(False, 20)
    desk.wait(25)
    decide(True, 60_000)
    desk.wait(25)
    decide(True, 10)
    desk.wait(15)
    wait_until(lambda: len(sleeps(caplog)) == 2)


def test_file_of_settings_wins_over_the_studio_and_is_read_when_it_changes(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 60_000))
    desk.file.write_text("ALERT_QUERY_MS_THRESHOLD=10\n", "utf-8")
    wait_until(lambda: desk.reporter.policy.threshold_ms == 10)
    desk.wait(15)
    wait_until(lambda: len(sleeps(caplog)) == 1)

    desk.file.write_text("ALERT_QUERY_MS_THRESHOLD=10\nALERT_SLOW_QUERY_ENABLED=maybe\n", "utf-8")
    wait_until(lambda: told(caplog, "settings_file_refused"))
    (refused,) = told(caplog, "settings_file_refused")
    assert "ALERT_SLOW_QUERY_ENABLED is wrong" in refused["sentence"]
    assert desk.reporter.policy == SlowQueryPolicy(True, 10), "what was in force stays"

    desk.file.unlink()
    wait_until(lambda: desk.reporter.policy == SlowQueryPolicy(True, 60_000))


def test_studio_setting_that_makes_no_sense_is_named_and_changes_nothing(
    desk: Desk, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 70))
    with books.database.transaction() as session:
        run(session, "INSERT INTO settings (key, value) VALUES ('alert_query_ms_threshold', '0')")
    desk.reporter.reread()
    wait_until(lambda: told(caplog, "studio_setting_refused"))

    assert "alert_query_ms_threshold" in told(caplog, "studio_setting_refused")[0]["sentence"]
    assert desk.reporter.policy == SlowQueryPolicy(True, 70)


def test_end_of_the_program_loses_nothing(
    desk: Desk, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, EVERYTHING)
    for _ in range(200):
        desk.wait(2)
    assert desk.reporter.close()

    assert len(sleeps(caplog)) == 200
    counts = (
        "SELECT details ->> 'count' FROM alerts WHERE details ->> 'statement' LIKE '%pg_sleep%'"
    )
    assert books.rows(counts) == [("200",)]


def test_alerts_do_not_alert_of_their_own_writing(
    desk: Desk, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, EVERYTHING)
    with books.database.transaction() as session:
        # Every alert now takes its time to be written.
        run(
            session,
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_sleep(0.05); RETURN NULL; END'",
        )
        run(
            session,
            "CREATE TRIGGER linger AFTER INSERT ON alerts"
            " FOR EACH STATEMENT EXECUTE FUNCTION linger()",
        )
    desk.wait(5)
    wait_until(lambda: books.value("SELECT count(*) FROM alerts"))
    desk.reporter.reread()
    assert desk.reporter.close()

    written = {line["statement"] for line in told(caplog)}
    assert not any("note_slow_query" in statement for statement in written)
    assert not any("alert_query_ms_threshold" in statement for statement in written)


def test_table_that_nobody_may_write_to_holds_up_neither_caller_nor_log(
    desk: Desk, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 10))
    with books.database.transaction() as session:
        run(session, "LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE")
        desk.wait(15)
        wait_until(lambda: told(caplog, "alerts_waiting"))
        desk.wait(15)
        wait_until(lambda: len(sleeps(caplog)) == 2)
    assert desk.reporter.close()

    assert books.rows(_COUNTED) == [("2",)]


def test_statement_of_another_database_is_told_and_not_kept(
    desk: Desk, books: Books, admin_url: URL, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 10))
    with (
        Database(admin_url, application_name="other", watch=desk.watch) as other,
        other.transaction() as session,
    ):
        session.execute(text("SELECT pg_sleep(0.015)"))
    assert desk.reporter.close()

    assert len(sleeps(caplog)) == 1
    assert books.value("SELECT count(*) FROM alerts") == 0


def test_program_that_only_looks_keeps_nothing(
    desk: Desk, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 10), keeps=False)
    desk.wait(15)
    assert desk.reporter.close()

    assert len(sleeps(caplog)) == 1
    assert books.value("SELECT count(*) FROM alerts") == 0


def test_what_was_found_before_signing_out_is_still_kept(desk: Desk, books: Books) -> None:
    desk.reporter.attach(desk.database, SlowQueryPolicy(True, 10))
    desk.wait(15)
    time.sleep(0.1)  # It has left the queue, and its second is not over.
    desk.reporter.detach()
    wait_until(lambda: books.rows(_COUNTED))

    assert desk.reporter.policy == SlowQueryPolicy(), "another studio may decide otherwise"


def test_flood_is_counted(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.reporter.close()
    desk.watch.limit_s = 0.0
    for _ in range(400):
        with desk.database.transaction() as session:
            session.execute(text("SELECT 1"))
    again = SlowQueryReporter(
        SettingsFile(desk.file), SettingsFile(desk.file).load(), program="tests", watch=desk.watch
    )
    again.start()
    wait_until(lambda: told(caplog, "slow_queries_not_told"))
    assert again.close()

    assert told(caplog, "slow_queries_not_told")[0]["count"] > 0
    assert len(told(caplog)) == 1000
