"""Alerts on their way to Slack: each once, whatever Slack does meanwhile."""

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from server_jobs.jobs.slack import SlackCourier
from server_jobs.jobs.work import Work
from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.config import SettingsFile, setting_names
from studio_core.db.engine import Database
from tests.books import Books, run
from tests.fakes.slack import FakeSlack, refused_port
from tests.jobs.serving import wait_until


class Servers:
    """Couriers of any number of servers of one studio, each with a memory of its own."""

    def __init__(self, url: URL, folder: Path) -> None:
        self._database = Database(url, application_name="tests", pool_size=1)
        self._env = folder / ".env"
        self.stopping = threading.Event()

    def one(self, address: str) -> SlackCourier:
        self._env.write_text(f"ALERT_SLACK_WEBHOOK_URL={address}" if address else "", "utf-8")
        file = SettingsFile(self._env)
        settings = file.load()
        reporter = SlowQueryReporter(file, settings, program="tests")
        return SlackCourier(Work(self._database, settings, stopping=self.stopping), reporter)

    def close(self) -> None:
        self._database.close()


@pytest.fixture
def servers(
    jobs_url: URL,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Servers]:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.INFO)
    made = Servers(jobs_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


def raise_alert(books: Books, kind: str, severity: str, **details: Any) -> None:
    with books.database.transaction() as session:
        run(
            session,
            "SELECT studio.raise_alert(:kind, :severity, 'a sentence', CAST(:details AS jsonb))",
            kind=kind,
            severity=severity,
            details=json.dumps(details),
        )


def failures(books: Books) -> list[str]:
    found = books.rows(
        "SELECT details ->> 'failure' FROM alerts WHERE kind = 'slack_failed' ORDER BY id"
    )
    return [str(row[0]) for row in found]


def events(caplog: pytest.LogCaptureFixture, name: str) -> int:
    return sum(
        isinstance(record.msg, dict) and record.msg.get("event") == name
        for record in caplog.records
    )


def test_slow_queries_and_what_is_severe_go_out_once(
    servers: Servers, books: Books, slack: FakeSlack
) -> None:
    raise_alert(
        books, "slow_query", "warning", statement="SELECT ?", route="clients", worst_ms=1500
    )
    raise_alert(books, "closing_failed", "danger", chore="monthly closing", what="2025-09")
    raise_alert(books, "drill_failed", "warning")
    raise_alert(books, "slack_failed", "danger")
    courier = servers.one(slack.url)

    courier.look()
    courier.look()
    servers.one(slack.url).look()

    (message,) = slack.messages
    name = books.database.url.database
    assert message.splitlines()[0] == f"*{name}*"
    assert "SELECT ?" in message
    assert "monthly closing, what 2025-09" in message
    assert "a sentence" not in message
    assert len(message.splitlines()) == 3
    assert books.value("SELECT count(*) FROM alerts WHERE sent_at IS NOT NULL") == 2


def test_studio_is_called_by_its_name(servers: Servers, books: Books, slack: FakeSlack) -> None:
    with books.database.transaction() as session:
        run(session, "INSERT INTO settings (key, value) VALUES ('studio_name', '\"Alma Negra\"')")
    raise_alert(books, "backup_failed", "danger")

    servers.one(slack.url).look()

    assert slack.messages[0].startswith("*Alma Negra*")


def test_many_servers_at_one_moment_send_each_alert_once(
    servers: Servers, books: Books, slack: FakeSlack
) -> None:
    couriers = [servers.one(slack.url) for _ in range(4)]
    for number in range(8):
        raise_alert(books, "backup_failed", "danger", what=f"number{number}.")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda courier: courier.look(), couriers))

    told = "\n".join(slack.messages)
    assert [told.count(f"number{number}.") for number in range(8)] == [1] * 8


def test_nothing_is_sent_where_no_address_is_set(servers: Servers, books: Books) -> None:
    raise_alert(books, "closing_failed", "danger")

    servers.one("").look()

    assert books.value("SELECT sent_at FROM alerts") is None


@pytest.mark.parametrize(
    ("kind", "age", "sent"),
    [
        ("slow_query", "59 minutes", True),
        ("slow_query", "61 minutes", False),
        ("closing_failed", "23 hours", True),
        ("closing_failed", "25 hours", False),
    ],
)
def test_old_news_is_no_news(
    servers: Servers, books: Books, slack: FakeSlack, kind: str, age: str, sent: bool
) -> None:
    raise_alert(books, kind, "danger")
    with books.database.transaction() as session:
        run(session, f"UPDATE alerts SET at = at - interval '{age}'")

    servers.one(slack.url).look()

    assert bool(slack.messages) is sent


def test_failing_slack_is_told_once_for_each_kind_of_failure_until_it_works_again(
    servers: Servers, books: Books, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alert(books, "closing_failed", "danger", what="first")
    for status in (500, 503, 404, 500, 429):
        slack.status = status
        servers.one(slack.url).look()
    servers.one(f"http://127.0.0.1:{refused_port()}/x").look()
    servers.one("https://slack.invalid/x").look()
    servers.one(slack.url.replace("http:", "https:")).look()
    servers.one(f"http://127.0.0.1:{refused_port()}/x").look()

    assert failures(books) == ["5xx", "4xx", "refused", "dns", "tls"]
    assert events(caplog, "slack_failed") == 5
    assert not slack.messages

    slack.status = 200
    servers.one(slack.url).look()
    assert "what first" in slack.messages[0]
    assert events(caplog, "slack_works_again") == 1

    raise_alert(books, "closing_failed", "danger", what="second")
    slack.status = 500
    servers.one(slack.url).look()
    assert failures(books) == ["5xx", "4xx", "refused", "dns", "tls", "5xx"]
    told = [record.getMessage() for record in caplog.records]
    assert not any("very-secret" in words for words in told)


def test_server_whose_slack_failed_leaves_it_alone_for_a_while(
    servers: Servers, books: Books, slack: FakeSlack
) -> None:
    raise_alert(books, "closing_failed", "danger")
    slack.status = 500
    courier = servers.one(slack.url)
    for _ in range(5):
        courier.look()

    assert len(slack.requests) == 1


def test_slack_that_hangs_holds_up_nobody_who_writes_alerts(servers: Servers, books: Books) -> None:
    with FakeSlack(status=0) as hanging:
        raise_alert(books, "closing_failed", "danger")
        courier = servers.one(hanging.url)
        looking = threading.Thread(target=courier.look)
        looking.start()
        wait_until(lambda: hanging.requests)
        with books.database.transaction() as session:
            run(session, "SET LOCAL lock_timeout = '1s'")
            run(session, "UPDATE alerts SET seen_at = now()")
            run(session, "SELECT studio.raise_alert('closing_failed', 'danger', 'another')")
        assert looking.is_alive()
        looking.join()

    assert failures(books) == ["timeout"]


def test_courier_hears_of_an_alert_and_ends_with_the_work(
    servers: Servers, books: Books, slack: FakeSlack
) -> None:
    courier = servers.one(slack.url)
    courier.start()
    raise_alert(books, "closing_failed", "danger", what="heard")
    wait_until(lambda: slack.messages)
    servers.stopping.set()

    assert courier.join(10)
