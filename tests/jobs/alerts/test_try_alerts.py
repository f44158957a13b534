"""studio-jobs alerts test: says of every way whether the test alert arrived."""

from pathlib import Path

import pytest

from server_jobs.cli import exits
from tests.books import Books
from tests.fakes.slack import FakeSlack, refused_port
from tests.jobs.conftest import Jobs


def ways(jobs: Jobs, code: int, **changes: str) -> dict[str, tuple[str, str]]:
    ran = jobs("alerts", "test", "--json", **changes)
    assert ran.code == code, ran.err
    return {sink["name"]: (sink["status"], sink["told"]) for sink in ran.json["sinks"]}


def test_every_way_that_is_configured_is_tried(jobs: Jobs, books: Books) -> None:
    with FakeSlack() as slack:
        told = ways(jobs, exits.DONE, ALERT_SLACK_WEBHOOK_URL=slack.url)

    assert slack.messages == ["This is a test of the alerts."]
    number = books.value("SELECT id FROM alerts WHERE kind = 'test' AND severity = 'info'")
    assert told == {
        "log": ("sent", str(jobs.log_dir / "app.log")),
        "database": ("sent", f"alert {number}"),
        "slack": ("sent", "Slack took it"),
    }
    assert '"alert_test"' in (jobs.log_dir / "app.log").read_text("utf-8")


def test_way_that_is_not_configured_is_no_failure(jobs: Jobs) -> None:
    ran = jobs("alerts", "test", ALERT_QUERY_MS_THRESHOLD="250")

    assert ran.code == exits.DONE
    assert ran.out.splitlines()[0] == "Statements slower than 250 ms are told of."
    assert "slack     not configured  ALERT_SLACK_WEBHOOK_URL" in ran.out


def test_switched_off_alerts_are_said_to_be(jobs: Jobs, books: Books) -> None:
    with books.database.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO settings (key, value) VALUES ('alert_slow_query_enabled', 'false')"
        )

    assert "switched off" in jobs("alerts", "test").out
    off = jobs("alerts", "test", "--json").json["slow_queries"]
    assert off == {"enabled": False, "threshold_ms": 1000}


def test_slack_that_fails_is_named_and_the_others_still_tried(jobs: Jobs) -> None:
    address = f"http://127.0.0.1:{refused_port()}/very-secret"

    told = ways(jobs, exits.FAILED, ALERT_SLACK_WEBHOOK_URL=address)

    assert told["slack"] == ("failed", "Slack's address refuses the connection.")
    assert told["database"][0] == told["log"][0] == "sent"
    assert "very-secret" not in (jobs.log_dir / "app.log").read_text("utf-8")


def test_database_that_refuses_is_named_and_the_others_still_tried(jobs: Jobs) -> None:
    wrong = jobs.environment["DATABASE_URL"].replace("rk-er", "rong")
    with FakeSlack() as slack:
        told = ways(jobs, exits.FAILED, DATABASE_URL=wrong, ALERT_SLACK_WEBHOOK_URL=slack.url)

    assert told["database"][0] == "failed"
    assert "refuses the login" in told["database"][1]
    assert told["slack"][0] == "sent"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's full disk")
def test_log_that_takes_no_line_is_named(jobs: Jobs) -> None:
    jobs.log_dir.mkdir()
    (jobs.log_dir / "app.log").symlink_to("/dev/full")

    ran = jobs("alerts", "test")

    assert ran.code == exits.FAILED
    assert "log       failed" in ran.out


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"ALERT_SLACK_WEBHOOK_URL": "http://slack.example/x"}, "ALERT_SLACK_WEBHOOK_URL is wrong"),
    ],
)
def test_wrong_configuration_ends_with_its_name(
    jobs: Jobs, changes: dict[str, str], told: str
) -> None:
    ran = jobs("alerts", "test", **changes)

    assert ran.code == exits.USAGE
    assert told in ran.err
