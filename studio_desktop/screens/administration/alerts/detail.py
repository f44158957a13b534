"""One alert to look at, in the side panel."""

from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.alerts.queries import AlertRow
from studio_desktop import formats
from studio_desktop.models.columns import text_of
from studio_desktop.screens.administration.alerts.columns import (
    message_words,
    seen_words,
    severity_badge,
)
from studio_desktop.screens.administration.copied import CopyLine
from studio_desktop.screens.administration.names import who_words
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.text import label

_ORDER = ("worst_ms", "threshold_ms", "route", "program", "chore", "what", "try", "login", "target")
"""Of what is known of an alert, what one wants to know first."""
_TOLD_ALREADY = frozenset({"count", "code", "params", "correlation_id"})


class AlertDetail(QWidget):
    """seen_wanted: of the alert shown. audit_wanted: what was changed under its correlation id.
    .foot goes into the panel's foot."""

    seen_wanted = Signal()
    audit_wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._row: AlertRow | None = None
        self._severity = BadgeLabel(theme)
        self._new = BadgeLabel(theme)
        self._message = label("", "body", wrap=True)
        self._facts = Facts()
        self.correlation = CopyLine(
            theme, self.tr("Correlation id"), self.tr("Copy the correlation id")
        )
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._severity)
        badges.addWidget(self._new)
        badges.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(12)
        column.addLayout(badges)
        column.addWidget(self._message)
        column.addWidget(self._facts)
        column.addWidget(self.correlation)
        column.addStretch(1)
        self.foot = QWidget()
        self.see = Button(self.tr("Mark as seen"), "F2")
        self.see.clicked.connect(self.seen_wanted)
        self.in_audit = Button(self.tr("Show in the audit"))
        self.in_audit.clicked.connect(self.audit_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.see)
        row.addWidget(self.in_audit)
        row.addStretch(1)

    def row(self) -> AlertRow | None:
        return self._row

    def correlation_id(self) -> str | None:
        told = self._row.details.get("correlation_id") if self._row is not None else None
        return told if isinstance(told, str) else None

    def show_row(self, row: AlertRow) -> None:
        self._row = row
        self._severity.show_badge(severity_badge(row.severity))
        self._new.set_badge(self.tr("New") if row.seen_at is None else "", "accent")
        self._message.setText(message_words(row))
        seen = ""
        if row.seen_at is not None:
            when = formats.day_and_time(row.seen_at.astimezone(self._zone))
            seen = formats.summary((text_of(seen_words(row)), when))
        facts = [
            (self.tr("When"), formats.to_the_second(row.at.astimezone(self._zone))),
            (self.tr("Times"), formats.count(row.count) if row.count > 1 else ""),
            (self.tr("Noticed by"), who_words(row.raised_by)),
            (self.tr("Seen by"), seen),
        ]
        told = sorted(
            (name for name in row.details if not self._is_told(row, name)),
            key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER),
        )
        facts += [(self._name(name), _value(row.details[name])) for name in told]
        self._facts.show_facts(facts)
        self.correlation.show_value(self.correlation_id() or "")
        self.see.setVisible(row.seen_at is None)
        self.in_audit.setVisible(self.correlation_id() is not None)

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def _is_told(self, row: AlertRow, name: str) -> bool:
        """Whether the message says it already."""
        statement = name == "statement" and str(row.details[name]) in row.message
        return statement or name in _TOLD_ALREADY

    def _name(self, name: str) -> str:
        words = {
            "statement": self.tr("Statement"),
            "fingerprint": self.tr("Known as"),
            "worst_ms": self.tr("Slowest, ms"),
            "threshold_ms": self.tr("Limit, ms"),
            "route": self.tr("Screen or job"),
            "program": self.tr("Program"),
            "login": self.tr("Login"),
            "acting_role": self.tr("Acted under"),
            "target": self.tr("Database"),
            "failed": self.tr("Failed"),
            "last_at": self.tr("Last time"),
            "chore": self.tr("Work"),
            "what": self.tr("Of"),
            "try": self.tr("Try"),
            "failure": self.tr("Failure"),
            "report": self.tr("Report"),
            "subject": self.tr("Subject"),
            "level": self.tr("Level"),
        }
        return words.get(name, name.replace("_", " "))


def _value(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower() if value else ""
    return formats.count(value) if isinstance(value, int) else str(value)
