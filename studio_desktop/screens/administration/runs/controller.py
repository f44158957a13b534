"""Keeps the list of runs equal to what happens, and the one looked at too."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Slot

from studio_core.audit.queries import entries_of
from studio_core.audit.rows import AuditFilter
from studio_core.extrato.run_list import RunRow, page_of_runs
from studio_desktop import formats
from studio_desktop.screens.administration.listing import ListController
from studio_desktop.screens.administration.names import run_kind_words
from studio_desktop.screens.administration.runs.columns import month_words
from studio_desktop.screens.administration.runs.view import RunsSection
from studio_desktop.screens.screen import ScreenContext

WATCH_MS = 5_000
"""A run whose program was killed says nothing more, so its sign of life is looked at."""


class RunsController(ListController):
    """Lives and dies with its section."""

    tables = frozenset({"extrato_progress", "extrato_runs", "extratos"})

    def __init__(self, section: RunsSection, context: ScreenContext) -> None:
        super().__init__(section, context)
        self._section = section
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.reload_soon)
        section.detail.audit_wanted.connect(self._on_audit_wanted)
        section.detail.correlation.copied.connect(self._on_copied)

    def page(self) -> Callable[..., Any]:
        return partial(page_of_runs, filter=self._section.filter())

    def nothing_words(self) -> tuple[str, str | None]:
        if self._section.filter().only_trouble:
            return self.tr("Every run did what it was meant to."), None
        return self.tr("No month was closed yet. Closings stand here, whoever does them."), None

    def on_rows(self) -> None:
        rows = self.list.model.rows
        running = any(row.running for row in rows)
        if running != self._watch.isActive():
            (self._watch.start if running else self._watch.stop)()
        self.section.set_summary(self._summary(rows))

    def row_shown(self) -> RunRow | None:
        section = self._section
        return section.detail.row() if section.shows(section.detail) else None

    def show_row(self, row: RunRow) -> None:
        self._section.detail.show_row(row)
        kind = run_kind_words(row.kind, forced=row.forced)
        self._section.show_detail(formats.summary((kind, month_words(row))))
        if row.correlation_id is not None:
            question = partial(entries_of, correlation_id=row.correlation_id)
            self.runner.ask(self, "entries", question, self._on_entries, self.on_not_answered)

    def _summary(self, rows: tuple[RunRow, ...]) -> str:
        if not rows:
            return ""
        last = rows[0]
        if last.running:
            return self.tr("{month} is being closed right now").replace(
                "{month}", formats.month(last.month.year, last.month.month)
            )
        when = formats.day_and_time(last.started_at.astimezone(self.context.zone))
        return self.tr("The last run was on {when}").replace("{when}", when)

    @Slot(object)
    def _on_entries(self, entries: Any) -> None:
        """entries: tuple of AuditRow; somebody may have gone on to another run meanwhile."""
        row = self.row_shown()
        if row is not None and all(one.correlation_id == row.correlation_id for one in entries):
            self._section.detail.show_entries(entries)

    @Slot()
    def _on_audit_wanted(self) -> None:
        row = self.row_shown()
        if row is not None and row.correlation_id is not None:
            self.section.audit_wanted.emit(AuditFilter(correlation_id=row.correlation_id))

    @Slot()
    def _on_copied(self) -> None:
        self.context.notifier.info(self.tr("The correlation id is copied."))
