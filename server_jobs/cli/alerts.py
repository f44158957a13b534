"""studio-jobs alerts: whether an alert would reach anybody."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import typer

from server_jobs.cli import exits
from server_jobs.cli.job import Job, job, opened
from server_jobs.cli.output import JsonOption, say, say_json, say_table
from studio_core.alerts.actions import raise_alert
from studio_core.alerts.policy import SlowQueryPolicy, policy_in_force, studio_policy
from studio_core.db.migrations import check_program
from studio_core.errors import StudioError, UnavailableError
from studio_core.observability import get_logger
from studio_core.observability.logs import APP_LOG
from studio_core.sentences import sentence

app = typer.Typer(
    name="alerts", help="Alerts: slow statements and what has failed.", no_args_is_help=True
)

_log = get_logger("sql.alerts")

# The line is the newest, but for what other programs wrote at the same moment.
_TAIL = 64_000
Status = Literal["sent", "not configured", "failed"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One way an alert takes, and how it ended there."""

    sink: str
    status: Status
    told: str


@app.callback()
def alerts() -> None:
    """Alerts: slow statements and what has failed."""


@app.command("test")
def try_alerts(as_json: JsonOption = False) -> None:
    """Send a test alert everywhere: the log, the database, Slack.

    Says of each whether it arrived. Exit code 0: everything that is configured works; 1: not.
    """
    with job("alerts test", __name__) as running:
        url = running.settings.required_database_url()
        tried = [_tried("log", _to_log, running)]
        policy = None
        try:
            policy, row = _to_database(running, url)
            tried.append(Tried("database", "sent", f"alert {row}"))
        except StudioError as error:
            tried.append(Tried("database", "failed", str(error)))
        tried.append(_tried("slack", _to_slack, running))
        in_force = policy_in_force(running.settings, policy)
    if as_json:
        say_json(_to_json(running, in_force, tried))
    else:
        _say(in_force, tried)
    if any(one.status == "failed" for one in tried):
        raise typer.Exit(exits.FAILED)


def _tried(sink: str, work: Callable[[Job], tuple[Status, str]], running: Job) -> Tried:
    try:
        return Tried(sink, *work(running))
    except StudioError as error:
        return Tried(sink, "failed", str(error))


def _to_log(running: Job) -> tuple[Status, str]:
    """A disk that is full lets the program go on without its log, so the line is looked for."""
    _log.warning("alert_test")
    file = running.settings.log_dir / APP_LOG
    try:
        with file.open("rb") as log:
            log.seek(-min(_TAIL, log.seek(0, os.SEEK_END)), os.SEEK_END)
            lines = log.read(_TAIL).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise UnavailableError("cannot_write", path=file, reason=error.strerror) from error
    if any(running.correlation_id in line and "alert_test" in line for line in lines):
        return "sent", str(file)
    raise UnavailableError("cannot_write", path=file, reason="the line is not in it")


def _to_database(running: Job, url: str) -> tuple[SlowQueryPolicy, int]:
    with opened(running, url) as database, database.transaction() as session:
        check_program(session)
        row = raise_alert(
            session,
            kind="test",
            severity="info",
            message=sentence("alert_test", {}),
            details={"correlation_id": running.correlation_id},
        )
        return studio_policy(session), row


def _to_slack(running: Job) -> tuple[Status, str]:
    address = running.settings.alert_slack_webhook_url
    if address is None:
        return "not configured", "ALERT_SLACK_WEBHOOK_URL"
    # Reading in the HTTP library takes longer than most commands.
    from studio_core.integrations.slack.webhook import Webhook

    Webhook(address).post(sentence("alert_test", {}))
    return "sent", "Slack took it"


def _to_json(running: Job, policy: SlowQueryPolicy, tried: list[Tried]) -> dict[str, Any]:
    return {
        "slow_queries": {"enabled": policy.enabled, "threshold_ms": policy.threshold_ms},
        "sinks": [
            {"name": one.sink, "status": one.status.replace(" ", "_"), "told": one.told}
            for one in tried
        ],
        "correlation_id": running.correlation_id,
    }


def _say(policy: SlowQueryPolicy, tried: list[Tried]) -> None:
    if policy.enabled:
        say(f"Statements slower than {policy.threshold_ms} ms are told of.")
    else:
        say("Slow statements are not told of: the alerts are switched off.")
    say()
    say_table(
        ("Alert to", "How it went", ""),
        [(one.sink, one.status, one.told) for one in tried],
    )
