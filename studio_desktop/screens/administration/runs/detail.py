"""One run to look at, in the side panel: how far it is, why it ended, and what it changed."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio_core.audit.rows import AuditRow
from studio_core.extrato.run_list import RunRow
from studio_desktop import formats
from studio_desktop.labels import closing_stage_label
from studio_desktop.models.columns import Tone
from studio_desktop.screens.administration.audit.words import action_words, record_words
from studio_desktop.screens.administration.copied import CopyLine
from studio_desktop.screens.administration.names import (
    refusal_words,
    run_status_badge,
)
from studio_desktop.screens.administration.runs.columns import (
    progress_percent,
    run_by_words,
    took_words,
)
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.text import label, line


class RunDetail(QWidget):
    """audit_wanted: everything under its correlation id. .foot goes into the panel's foot."""

    audit_wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._row: RunRow | None = None
        self._status = BadgeLabel(theme)
        self._stage = label("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._why = Notice(theme)
        self._facts = Facts()
        self.correlation = CopyLine(
            theme, self.tr("Correlation id"), self.tr("Copy the correlation id")
        )
        self._entries_title = label(self.tr("What it changed"), "caption_strong")
        self._entries = Facts()
        self._nothing = label("", "quiet", wrap=True)
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._status)
        badges.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(12)
        column.addLayout(badges)
        column.addWidget(self._bar)
        column.addWidget(self._stage)
        column.addWidget(self._why)
        column.addWidget(self._facts)
        column.addWidget(self.correlation)
        column.addWidget(line())
        column.addWidget(self._entries_title)
        column.addWidget(self._entries)
        column.addWidget(self._nothing)
        column.addStretch(1)
        self.foot = QWidget()
        self.in_audit = Button(self.tr("Show in the audit"), "F2")
        self.in_audit.clicked.connect(self.audit_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.in_audit)
        row.addStretch(1)

    def row(self) -> RunRow | None:
        return self._row

    def show_row(self, row: RunRow) -> None:
        if self._row is None or row.id != self._row.id:
            self._show_entries(())
        self._row = row
        self._status.show_badge(run_status_badge(row.status))
        self._show_progress(row)
        if row.refusal is not None:
            tone: Tone = "danger" if row.status in ("failed", "died") else "warning"
            self._why.say(refusal_words(row.refusal), tone)
        elif row.status == "died":
            self._why.say(self.tr("Its program ended without a word. Nothing was moved."), "danger")
        else:
            self._why.hide()
        finished = row.finished_at
        self._facts.show_facts(
            (
                (self.tr("Who"), run_by_words(row)),
                (self.tr("Asked for by"), row.asked_by or ""),
                (self.tr("Started"), self._moment(row)),
                (
                    self.tr("Ended"),
                    formats.to_the_second(finished.astimezone(self._zone)) if finished else "",
                ),
                (self.tr("Took"), took_words(row)),
                (self.tr("Rows"), formats.count(row.rows_total) if row.rows_total else ""),
                (self.tr("Batch size"), formats.count(row.batch_size) if row.batch_size else ""),
                (self.tr("Run"), str(row.id)),
            )
        )
        self.correlation.show_value(row.correlation_id or "")
        self.in_audit.setEnabled(row.correlation_id is not None)

    def show_entries(self, entries: Sequence[AuditRow]) -> None:
        self._show_entries(entries)
        words = "" if entries else self.tr("Nothing was changed under this run's correlation id.")
        self._nothing.setText(words)
        self._nothing.setVisible(bool(words))

    def stage(self) -> str:
        """How far it is, in words; empty once it is over."""
        return "" if self._stage.isHidden() else self._stage.text()

    def why(self) -> str:
        """Why it did not do what it was meant to."""
        return "" if self._why.isHidden() else self._why.text()

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def entries(self) -> tuple[tuple[str, str], ...]:
        return self._entries.facts()

    def _show_entries(self, entries: Sequence[AuditRow]) -> None:
        self._nothing.hide()
        self._entries_title.setVisible(True)
        self._entries.show_facts(
            tuple(
                (
                    entry.at.astimezone(self._zone).strftime("%H:%M:%S"),
                    formats.summary((action_words(entry.action), record_words(entry))),
                )
                for entry in entries
            )
        )

    def _show_progress(self, row: RunRow) -> None:
        self._bar.setVisible(row.running)
        self._stage.setVisible(row.running)
        if not row.running:
            return
        percent = progress_percent(row)
        self._bar.setRange(0, 0 if percent is None else 100)
        self._bar.setValue(percent or 0)
        self._bar.setAccessibleName(closing_stage_label(row.stage or ""))
        counted = ""
        if row.rows_total:
            words = self.tr("{done} of {total} rows")
            words = words.replace("{done}", formats.count(row.rows_done))
            counted = words.replace("{total}", formats.count(row.rows_total))
        self._stage.setText(formats.summary((closing_stage_label(row.stage or ""), counted)))

    def _moment(self, row: RunRow) -> str:
        return formats.to_the_second(row.started_at.astimezone(self._zone))
