"""Carries alerts of all programs to Slack, and hears at once when the settings of alerts change.

A thread of its own with connections of its own: neither a closing nor a Slack that hangs holds up
anything but this thread.
"""

import select
import threading
import time

from pydantic import SecretStr
from sqlalchemy.orm import Session

from server_jobs.jobs.work import Work
from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.alerts.sending import (
    UnsentAlert,
    lead,
    mark_sent,
    note_failure,
    note_recovery,
    unsent_alerts,
)
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.db.migrations import check_program
from studio_core.errors import StudioError, UnavailableError
from studio_core.integrations.slack.messages import alert_text
from studio_core.integrations.slack.webhook import Webhook
from studio_core.observability import at_route, get_logger
from studio_core.settings.queries import setting
from studio_core.settings.values import STUDIO_NAME

_log = get_logger(__name__)

_APPLICATION = "studio-jobs alerts"
# How soon a stop is noticed, how often we look without having heard, how long to gather what comes
# together, and how long to wait after the database failed.
_STOP_S, _LOOK_S, _GATHER_S, _RETRY_S = 0.5, 10.0, 1.0, 3.0
# After each failure of the webhook in turn.
_BACK_OFF_S = (15.0, 60.0, 300.0)


class SlackCourier:
    """A thread that sends alerts until the work stops."""

    def __init__(self, work: Work, slow_queries: SlowQueryReporter) -> None:
        self._work = work
        self._slow_queries = slow_queries
        # Its own statements are no news.
        self._database = Database(
            work.database.url, application_name=_APPLICATION, pool_size=1, watch=None
        )
        self._address: SecretStr | None = None
        self._failures = 0
        self._not_before = 0.0
        self._last_refusal: str | None = None
        self._thread = threading.Thread(target=self._run, name="studio-slack", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Whether it ended within that time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def look(self) -> None:
        """Sends what waits, unless another server is at it or the webhook has failed just now."""
        address = self._slow_queries.settings.alert_slack_webhook_url
        if address != self._address:
            self._address, self._failures, self._not_before = address, 0, 0.0
        if address is None or time.monotonic() < self._not_before:
            return
        with self._database.transaction() as session:
            alerts = unsent_alerts(session) if lead(session) else ()
            if alerts:
                self._send(session, Webhook(address), alerts)

    def _send(self, session: Session, webhook: Webhook, alerts: tuple[UnsentAlert, ...]) -> None:
        studio = setting(session, STUDIO_NAME) or str(self._database.url.database)
        try:
            webhook.post(alert_text(studio, alerts))
        except UnavailableError as error:
            self._failed(session, error)
            return
        self._failures = 0
        mark_sent(session, alerts)
        if note_recovery(session):
            _log.info("slack_works_again")
        _log.info("alerts_sent", count=len(alerts))

    def _failed(self, session: Session, error: UnavailableError) -> None:
        wait_s = _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
        asked_s = error.params.get("retry_after_s")
        if isinstance(asked_s, int):
            wait_s = max(wait_s, asked_s)
        self._failures += 1
        self._not_before = time.monotonic() + wait_s
        if note_failure(session, error.code.removeprefix("webhook_"), str(error)):
            _log.warning("slack_failed", code=error.code, sentence=str(error))

    def _run(self) -> None:
        with at_route("slack"):
            while not self._work.stopping.is_set():
                try:
                    self._listen()
                except StudioError as error:
                    # The database is away or not ready. Said once, and then when it changes.
                    if error.code != self._last_refusal:
                        _log.info("slack_waiting", code=error.code)
                    self._last_refusal = error.code
                except Exception:  # noqa: BLE001 - the job loop goes on after a bug of ours.
                    _log.exception("slack_broke")
                self._work.stopping.wait(_RETRY_S)
        self._database.close()

    def _listen(self) -> None:
        with self._database.transaction() as session:
            check_program(session)
        listener = Listener(self._work.database.url, application_name=_APPLICATION)
        try:
            self._last_refusal = None
            # What changed while nobody listened.
            self._slow_queries.reread()
            self._serve_until_stopped(listener)
        finally:
            listener.close()

    def _serve_until_stopped(self, listener: Listener) -> None:
        next_look = time.monotonic()
        while not self._work.stopping.is_set():
            if time.monotonic() >= next_look:
                self.look()
                next_look = time.monotonic() + _LOOK_S
            wait_s = min(_STOP_S, max(0.0, next_look - time.monotonic()))
            if not select.select([listener.fileno()], [], [], wait_s)[0]:
                continue
            heard = {change.table for change in listener.poll()}
            if "settings" in heard:
                self._slow_queries.reread()
            if "alerts" in heard:
                next_look = min(next_look, time.monotonic() + _GATHER_S)
