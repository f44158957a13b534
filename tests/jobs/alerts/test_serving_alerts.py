"""Alerts of running servers: obeyed at once, from the studio's settings and from an edited .env."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio_core.months import Month
from studio_core.settings.actions import change_setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD, ALERT_SLOW_QUERY_ENABLED
from tests.books import Books, run
from tests.fakes.slack import FakeSlack
from tests.jobs.conftest import Jobs
from tests.jobs.serving import Served, begin, serve, wait_until, wait_until_alive

_ROUTE = "GET /ready"


class Watched:
    """A server, its log, and a way to make one of its statements slow."""

    def __init__(self, jobs: Jobs, books: Books, **changes: str) -> None:
        self.env = Path(".env")  # Of the folder that the server is started in.
        self._books = books
        self._log = jobs.log_dir / "app.log"
        self.served: Served = serve(jobs, **changes)

    def answer_slowly(self) -> None:
        """GET /ready, whose statement waits for a lock for a third of a second."""
        with self._books.database.transaction() as session:
            # The server's first backup of everything reads this table, too.
            run(session, "SET LOCAL lock_timeout = '60s'")
            run(session, "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
            asking = threading.Thread(target=self.served.get, args=("/ready",))
            asking.start()
            wait_until(lambda: self._books.value(_WAITING))
            run(session, "SELECT pg_sleep(0.35)")
        asking.join()

    def lines(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        return [line for line in lines if line["event"] == event]

    def slow(self) -> list[dict[str, Any]]:
        return [line for line in self.lines("slow_query") if line["route"] == _ROUTE]

    def policy(self) -> tuple[bool, int]:
        newest = self.lines("slow_query_alerts")[-1:]
        return (newest[0]["enabled"], newest[0]["threshold_ms"]) if newest else (True, 1000)

    def write(self, text: str) -> None:
        self.env.write_text(text, "utf-8")


_WAITING = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
    " AND relation = 'alembic_version'::regclass AND application_name LIKE 'studio-jobs health%'"
)


@pytest.fixture
def watched(jobs: Jobs, books: Books) -> Iterator[Watched]:
    made = Watched(jobs, books)
    yield made
    made.served.stop()


def decide(books: Books, enabled: bool, threshold_ms: int) -> None:
    """As an owner does in Administration."""
    with books.database.transaction() as session:
        change_setting(session, ALERT_SLOW_QUERY_ENABLED, enabled)
        change_setting(session, ALERT_QUERY_MS_THRESHOLD, threshold_ms)


def test_running_server_obeys_the_studio_at_once_and_an_edited_env_before_it(
    watched: Watched, books: Books
) -> None:
    watched.answer_slowly()  # Below the second that holds while nobody decides.

    decide(books, True, 100)
    wait_until(lambda: watched.policy() == (True, 100), 10)
    watched.answer_slowly()
    wait_until(lambda: len(watched.slow()) == 1)
    kept = "SELECT count(*) FROM alerts WHERE details ->> 'route' = :route"
    wait_until(lambda: books.value(kept, route=_ROUTE))

    decide(books, False, 100)
    wait_until(lambda: watched.policy() == (False, 100), 10)
    watched.answer_slowly()

    watched.write("ALERT_SLOW_QUERY_ENABLED=true\nALERT_QUERY_MS_THRESHOLD=150\n")
    wait_until(lambda: watched.policy() == (True, 150))
    watched.answer_slowly()
    wait_until(lambda: len(watched.slow()) == 2)

    watched.write("ALERT_QUERY_MS_THRESHOLD=soon\n")
    wait_until(lambda: watched.lines("settings_file_refused"))
    (refused,) = watched.lines("settings_file_refused")
    assert "ALERT_QUERY_MS_THRESHOLD is wrong" in refused["sentence"]
    assert watched.policy() == (True, 150), "what was in force stays"

    watched.write("ALERT_SLOW_QUERY_ENABLED=false\n")
    wait_until(lambda: watched.policy() == (False, 100))
    watched.answer_slowly()

    watched.env.unlink()
    decide(books, True, 200)
    wait_until(lambda: watched.policy() == (True, 200))
    watched.answer_slowly()
    wait_until(lambda: len(watched.slow()) == 3)

    slow = watched.slow()
    assert [line["threshold_ms"] for line in slow] == [100, 150, 200]
    assert slow[0]["milliseconds"] > 300
    assert slow[0]["login"] == f"{books.database.url.database}.jobs"
    assert slow[0]["correlation_id"]
    assert "alembic_version" in slow[0]["statement"]


def test_three_servers_tell_slack_of_each_alert_once_and_of_nobody(
    jobs: Jobs, books: Books, tmp_path: Path
) -> None:
    books.pay("100")
    month = Month.of(books.value("SELECT studio.today()")).previous()
    in_the_way = tmp_path / "taken"
    in_the_way.write_text("a file", "utf-8")
    with FakeSlack() as slack:
        changes = {"ALERT_SLACK_WEBHOOK_URL": slack.url, "BACKUP_DIR": str(in_the_way / "backups")}
        three = [begin(jobs, **changes) for _ in range(3)]
        for served in three:
            wait_until_alive(served)
        wait_until(lambda: "Closing failed" in "".join(slack.messages))
        for number in range(4):
            with books.database.transaction() as session:
                run(
                    session,
                    "SELECT studio.raise_alert('backup_failed', 'danger', 'of Maria',"
                    " jsonb_build_object('what', CAST(:what AS text)))",
                    what=f"number{number}.",
                )
            wait_until(lambda number=number: f"number{number}." in "".join(slack.messages))  # type: ignore[misc] # bound at once
        for served in three:
            served.stop()

    told = "".join(slack.messages)
    failed = f"Closing failed (chore monthly closing, what {month.label}, try 1)"
    # A server that started after another had failed tries for itself.
    tries = "SELECT count(*) FROM alerts WHERE kind = 'closing_failed' AND sent_at IS NOT NULL"
    assert [told.count(f"number{number}.") for number in range(4)] == [1] * 4
    assert told.count(failed) == books.value(tries) > 0
    assert "Maria" not in told


def test_server_whose_slack_hangs_answers_and_stops_in_time(jobs: Jobs, books: Books) -> None:
    with FakeSlack(status=0) as hanging:
        served = serve(jobs, ALERT_SLACK_WEBHOOK_URL=hanging.url)
        with books.database.transaction() as session:
            run(session, "SELECT studio.raise_alert('backup_failed', 'danger', 'x')")
        wait_until(lambda: hanging.requests)
        assert served.get("/ready").status == 200
        served.stop()
