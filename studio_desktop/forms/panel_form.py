"""The form of one record in the side panel: checked while it is typed, it says what is wrong."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from studio_core.findings import Finding
from studio_desktop.forms.typed import changed_fields
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.notice import Notice

SHOW_AFTER_MS = 250
SIDE_BY_SIDE_FROM = 320


class PanelForm(QWidget):
    """A subclass adds its fields; what is typed is a frozen dataclass of its own, with a part for
    each field.

    edited: something was typed or chosen. submitted: Ctrl+Enter, or Enter in the last field.
    notice: what happened to the form.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(self, theme: Theme, empty: Any, *above: QWidget) -> None:
        """empty: nothing typed. above: what stands between the notice and the fields."""
        super().__init__()
        self.filling = False
        self._theme = theme
        self._before = empty
        self._touched: set[str] = set()
        self.notice = Notice(theme)
        self.form = Form(SIDE_BY_SIDE_FROM)
        self._parts = (self.notice, *above, self.form)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SHOW_AFTER_MS)
        self._pause.timeout.connect(self._show_touched)
        self.form.edited.connect(self.tell_edited)
        self.form.submitted.connect(self.submitted)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        for part in self._parts:
            column.addWidget(part)
        column.addStretch(1)

    # What a subclass says

    def label_of(self, name: str) -> str:
        """What a field is called."""
        raise NotImplementedError

    def typed(self) -> Any:
        raise NotImplementedError

    def fill(self, typed: Any) -> None:
        raise NotImplementedError

    def findings(self) -> Sequence[Finding]:
        """Everything wrong with what is typed."""
        raise NotImplementedError

    def is_unfinished(self, finding: Finding) -> bool:
        """What more typing in its field may mend."""
        raise NotImplementedError

    def adapt(self) -> None:
        """What is asked may depend on what is typed."""

    # Filling

    def add(
        self, name: str, control: QWidget, *, required: bool = False, wide: bool = False
    ) -> None:
        """name: as the rule's findings and what is typed call it."""
        control.setObjectName(name)
        field = Field(self._theme, self.label_of(name), control, required=required)
        self.form.add(name, field, wide=wide)

    def start(self, typed: Any, before: Any = None) -> None:
        """Fill the form anew. before: what counts as unedited, where that is something else."""
        self._before = before if before is not None else typed
        self._touched = set(changed_fields(self._before, typed))
        self.filling = True
        self.fill(typed)
        self.filling = False
        self._pause.stop()
        self.form.clear_errors()
        self.adapt()

    def focus_first(self) -> None:
        control = next(iter(self.form.fields().values())).control
        control.setFocus()
        if isinstance(control, QLineEdit):
            control.end(False)

    def before(self) -> Any:
        return self._before

    def is_edited(self) -> bool:
        return bool(self.typed() != self._before)

    def set_locked(self, locked: bool) -> None:
        """While an answer is awaited."""
        for part in self._parts:
            part.setEnabled(not locked)

    # Checking

    def show_all(self) -> bool:
        """Show every finding. True when there is none."""
        self._pause.stop()
        self._touched.update(self.form.fields())
        findings = self.findings()
        self.form.show_findings(findings)
        self.form.focus_first_error()
        return not findings

    def show_findings(self, findings: Sequence[Finding]) -> list[str]:
        """What the database found. Returns the sentences that belong to no field."""
        homeless = self.form.show_findings(findings)
        self.form.focus_first_error()
        return homeless

    # Inside

    @Slot()
    def tell_edited(self) -> None:
        """Of controls whose signals the form does not know, such as a tick, a subclass connects
        them."""
        if self.filling:
            return
        self._touched.update(changed_fields(self._before, self.typed()))
        self.adapt()
        self._forgive()
        self._pause.start()
        self.edited.emit()

    def _forgive(self) -> None:
        """An error goes at once when it is mended; new ones wait for a pause in the typing."""
        wrong = {finding.field for finding in self.findings()}
        for name, field in self.form.fields().items():
            if name not in wrong:
                field.set_error(None)

    @Slot()
    def _show_touched(self) -> None:
        """Of the field being typed in, only what more typing would not mend."""
        self.form.show_findings(
            [
                one
                for one in self.findings()
                if one.field in self._touched
                and not (self.is_unfinished(one) and self.form.field(one.field).control.hasFocus())
            ]
        )
