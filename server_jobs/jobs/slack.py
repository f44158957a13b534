"""Carries alerts of all programs to Slack, and hears at once when the settings of alerts change.

A thread of its own with connections of its own: neither a closing nor a Slack that hangs holds up
anything but this thread.
"""

import time

from pydantic import SecretStr
from sqlalchemy.orm import Session

from server_jobs.jobs.hearing import Hearing
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
from studio_core.errors import UnavailableError
from studio_core.integrations.slack.messages import alert_text
from studio_core.integrations.slack.webhook import Webhook
from studio_core.observability import get_logger
from studio_core.settings.queries import setting
from studio_core.settings.values import STUDIO_NAME

_log = get_logger(__name__)

# How often we look without having heard, and how long to gather what comes together.
_LOOK_S, _GATHER_S = 10.0, 1.0
# After each failure of the webhook in turn.
_BACK_OFF_S = (15.0, 60.0, 300.0)


class SlackCourier(Hearing):
    """A thread that sends alerts until the work stops."""

    def __init__(self, work: Work, slow_queries: SlowQueryReporter) -> None:
        super().__init__(
            work,
            "slack",
            "alerts",
            lambda _work: self.look(),
            # What changed while nobody listened.
            begin=lambda _work: slow_queries.reread(),
            look_s=_LOOK_S,
            gather_s=_GATHER_S,
        )
        self._slow_queries = slow_queries
        # Its own statements are no news.
        self._database = Database(
            work.database.url, application_name="studio-jobs alerts", pool_size=1, watch=None
        )
        self._address: SecretStr | None = None
        self._failures = 0
        self._not_before = 0.0

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
        super()._run()
        self._database.close()

    def _heard(self, tables: set[str]) -> None:
        super()._heard(tables)
        if "settings" in tables:
            self._slow_queries.reread()
