"""Reads what was found, and has somebody look: this computer, or the studio's server."""

import socket
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot

from studio_core.errors import AlreadyRunningError, StudioError
from studio_core.extrato.health import Health
from studio_core.extrato.health_looking import look_and_report
from studio_core.extrato.health_reports import (
    health_due,
    health_report,
    recent_reports,
    request_health,
)
from studio_desktop.models.columns import Tone
from studio_desktop.screens.administration.health.view import HealthSection
from studio_desktop.screens.administration.section import SectionController
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import retold, sentence_of
from studio_desktop.tasks.runner import JobControl

if TYPE_CHECKING:
    from studio_core.config import Settings
    from studio_core.db.engine import Database

SHOWN = 31
FRESH = timedelta(days=1)


def look_here(database: "Database", _control: JobControl, *, settings: "Settings") -> Health:
    """On the computer that has the backups."""
    return look_and_report(
        database,
        backup_dir=settings.backup_dir,
        log_dir=settings.log_dir,
        looked_on=socket.gethostname(),
        copy_dir=settings.backup_copy_dir,
    )


class HealthController(SectionController):
    """Where this computer keeps the backups it looks by itself, when the last look is a day old
    or a month was closed since; else it only asks."""

    tables = frozenset({"health_reports"})

    def __init__(self, section: HealthSection, context: ScreenContext) -> None:
        super().__init__(section, context)
        self._health = section
        self._server = context.closing_server
        self._wish: int | None = None
        self._looking = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_patience_over)
        section.look_wanted.connect(self.look)
        section.set_summary(self.tr("Whether the studio can rely on its data, looked at every day"))

    def read(self) -> None:
        question = partial(recent_reports, limit=SHOWN)
        self.runner.ask(self, "reports", question, self._on_reports, self._on_refused)
        if self._server is None and not self._looking:
            due = partial(health_due, since=datetime.now(UTC) - FRESH)
            self.runner.ask(self, "due", due, self._on_due, self.on_not_answered)

    def on_changed(self, tables: frozenset[str]) -> None:
        super().on_changed(tables)
        self._ask_for_wish()

    @Slot()
    def look(self) -> None:
        """Once at a time."""
        if self._looking:
            return
        self._looking = True
        if self._server is None:
            self._health.set_busy(self.tr("Looking at everything now…"))
            job = partial(look_here, settings=self.context.settings)
            self.runner.run_job(self, job, self._on_nothing, self._on_looked, self._on_not_looked)
        else:
            self._health.set_busy(self.tr("Asking the server to look…"))
            self.runner.act(self, request_health, self._on_asked, self._on_not_looked)

    # What was found

    @Slot(object)
    def _on_reports(self, reports: Any) -> None:
        """reports: tuple of Report, newest first."""
        self._health.show_reports(reports, datetime.now(UTC))

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        if not self._health.reports():
            self._health.say(sentence_of(error), "danger")

    # This computer looks

    @Slot(object)
    def _on_due(self, due: Any) -> None:
        if due is not None:
            self.look()

    @Slot(object)
    def _on_nothing(self, _progress: Any) -> None:
        """Looking is one step and reports none."""

    @Slot(object)
    def _on_looked(self, _health: Any) -> None:
        self._end()

    @Slot(object)
    def _on_not_looked(self, error: StudioError) -> None:
        self._end()
        tone: Tone = "warning" if isinstance(error, AlreadyRunningError) else "danger"
        self._health.say(sentence_of(error), tone)

    # The server looks

    @Slot(object)
    def _on_asked(self, report_id: Any) -> None:
        self._wish = report_id
        if self._server is not None:
            self._patience.start(self._server.patience_ms)
        self._ask_for_wish()

    def _ask_for_wish(self) -> None:
        if self._wish is None:
            return
        question = partial(health_report, report_id=self._wish)
        self.runner.ask(self, "wish", question, self._on_wish, self.on_not_answered)

    @Slot(object)
    def _on_wish(self, report: Any) -> None:
        """report: a Report; None once it is too old to be kept."""
        if self._wish is None or (report is not None and report.id != self._wish):
            return
        if report is None or report.status == "done":
            self._end()
        elif report.status == "failed":
            self._end()
            self._health.say(retold(report.message or ""), "danger")
        elif report.status == "looking":
            self._patience.stop()
            words = self.tr("{computer} is looking now…")
            self._health.set_busy(words.replace("{computer}", report.looked_on or "–"))

    @Slot()
    def _on_patience_over(self) -> None:
        self._end()
        self._health.say(
            self.tr(
                "No server answers. What you see was found at the last look. Start studio-jobs "
                "serve on the server; it then looks by itself."
            ),
            "warning",
        )

    def _end(self) -> None:
        self._looking, self._wish = False, None
        self._patience.stop()
        self._health.set_busy("")
        self.reload()
