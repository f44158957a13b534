"""A form of one entry: it keeps what is typed, checks it while it is typed, says what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_core.errors import StudioError
from studio_core.findings import Finding
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Form
from studio_desktop.widgets.inputs import DateField, MoneyField
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.text import label

SHOW_AFTER_MS = 250
SIDE_BY_SIDE_FROM = 320


class EntryForm(QWidget):
    """A subclass adds the fields to .form, then calls watch_fields(); what is typed is a frozen
    dataclass of its own.

    edited: something was typed or chosen. submitted: Ctrl+Enter, or Enter in the last field.
    day_named(date or None): another day was typed, for whoever knows which months are closed.
    """

    edited = Signal()
    submitted = Signal()
    day_named = Signal(object)

    parts: Mapping[str, str] = {}
    """The form's fields, as the rule's findings name them, and the part of what is typed that each
    shows. The first one takes the cursor."""
    day_field = ""

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self.today = today
        self.base: Any = None
        self.filling = False
        self._before: Any = None
        self._touched: set[str] = set()
        self._closed_month: Finding | None = None
        self.amount = MoneyField(theme)
        self.day = DateField(theme, today)
        self.notice = Notice(theme)
        self.help = label("", "quiet", wrap=True)
        self.help.hide()
        self.form = Form(SIDE_BY_SIDE_FROM)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SHOW_AFTER_MS)
        self._pause.timeout.connect(self._show_touched)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        column.addWidget(self.notice)
        column.addWidget(self.help)
        column.addWidget(self.form)
        column.addStretch(1)

    # What a subclass says

    def typed(self) -> Any:
        raise NotImplementedError

    def draft(self) -> Any:
        """What is typed, for the core. Missing parts stand in as something that gives no finding
        of its own."""
        raise NotImplementedError

    def put(self, typed: Any) -> None:
        """Fill the fields."""
        raise NotImplementedError

    def unreadable(self) -> list[Finding]:
        """What is missing or means nothing."""
        raise NotImplementedError

    def rule_findings(self) -> Sequence[Finding]:
        raise NotImplementedError

    def other_errors(self) -> dict[str, str]:
        """Field and sentence of what only this form knows to be wrong."""
        return {}

    def refreshed(self) -> None:
        """Something changed that the form shows elsewhere too."""

    # Filling

    def start(self, typed: Any, base: Any = None) -> None:
        """Fill the form anew. base: the row that is corrected; what the form does not show of it
        is kept."""
        self.base = base
        self._closed_month = None
        self._touched.clear()
        self.fill(typed)
        self._before = self.typed()
        self.form.clear_errors()

    def fill(self, typed: Any) -> None:
        """Put words into the fields without starting anew; what differs counts as edited."""
        self.filling = True
        self.put(typed)
        self.filling = False
        self._pause.stop()
        self.refreshed()

    def is_edited(self) -> bool:
        return bool(self.typed() != self._before)

    def set_locked(self, locked: bool) -> None:
        """While an answer is awaited."""
        self.form.setEnabled(not locked)

    # Checking

    def findings(self) -> tuple[Finding, ...]:
        """Everything wrong with what is typed."""
        found = self.unreadable()
        taken = {finding.field for finding in found}
        found += [finding for finding in self.rule_findings() if finding.field not in taken]
        if self._closed_month is not None and all(one.field != self.day_field for one in found):
            found.append(self._closed_month)
        return tuple(found)

    def show_findings(self, findings: Sequence[Finding]) -> list[str]:
        """Returns the sentences that belong to no field."""
        homeless = self.form.show_findings(findings)
        for name, words in self.other_errors().items():
            self.form.field(name).set_error(words)
        return homeless

    def show_all(self) -> bool:
        """Show every finding. True when there is none and nothing keeps it from being saved."""
        self._pause.stop()
        self._touched.update(self.form.fields())
        findings = self.findings()
        self.show_findings(findings)
        if findings or self.other_errors():
            self.form.focus_first_error()
            return False
        return True

    def set_month_closed(self, label_of_month: str | None) -> None:
        """The month of the day typed is closed ("2025-09"), or is not."""
        if label_of_month is None:
            self._closed_month = None
        else:
            self._closed_month = Finding(self.day_field, "month_closed", {"month": label_of_month})
            self._touched.add(self.day_field)
        self._show_touched()

    # Inside

    def watch_fields(self, changed: Mapping[str, Any]) -> None:
        """changed: the signal of each field that says so."""
        for name, signal in changed.items():
            signal.connect(self._on_edited)
            self.form.field(name).control.setObjectName(name)
        self.day.day_changed.connect(self.day_named)
        self.form.submitted.connect(self.submitted)
        self._before = self.typed()

    def unreadable_amount(self) -> list[Finding]:
        problem = self.amount.problem()
        return [] if problem is None else [finding_of("amount", problem)]

    def unreadable_day(self) -> list[Finding]:
        problem = self.day.problem()
        if problem is not None:
            return [finding_of(self.day_field, problem)]
        return [] if self.day.day() is not None else [Finding(self.day_field, "date_required")]

    @Slot()
    def _on_edited(self) -> None:
        if self.filling:
            return
        before, now = self._before, self.typed()
        for name, part in self.parts.items():
            if getattr(now, part) != getattr(before, part):
                self._touched.add(name)
        self._forgive()
        self._pause.start()
        self.refreshed()
        self.edited.emit()

    def _forgive(self) -> None:
        """An error goes at once when it is mended; new ones wait for a pause in the typing."""
        wrong = {finding.field for finding in self.findings()} | set(self.other_errors())
        for name, field in self.form.fields().items():
            if name not in wrong:
                field.set_error(None)

    @Slot()
    def _show_touched(self) -> None:
        """Of the fields already typed in, and of none that still has the cursor but no text."""
        shown = [one for one in self.findings() if one.field in self._touched]
        self.form.show_findings(shown)
        for name, words in self.other_errors().items():
            field = self.form.field(name)
            if not field.control.hasFocus():
                field.set_error(words)


def finding_of(field: str, problem: StudioError) -> Finding:
    return Finding(field, problem.code, dict(problem.params))
