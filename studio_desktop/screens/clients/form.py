"""The form of one client, in the side panel."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from studio_core.clients.rules import (
    LIMITS,
    client_findings,
    cpf_digits,
    cpf_shown,
    instagram_handle,
    phone_e164,
    phone_shown,
)
from studio_core.findings import Finding
from studio_desktop.screens.clients.dispute import DisputeBox
from studio_desktop.screens.clients.inputs import WrittenOut
from studio_desktop.screens.clients.typed import TypedClient, changed_fields, instagram_shown
from studio_desktop.screens.clients.words import field_label
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import DateField, LineEdit, TextArea
from studio_desktop.widgets.notice import Notice

SHOW_AFTER_MS = 250
SIDE_BY_SIDE_FROM = 320
LONGEST_EMAIL = 254


class ClientForm(QWidget):
    """edited: something was typed or ticked. submitted: Ctrl+Enter, or Enter in the last field.

    notice: what happened to the form. likeness: who may be the same person.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._before = TypedClient()
        self._touched: set[str] = set()
        self._filling = False
        self.notice = Notice(theme)
        self.likeness = Notice(theme)
        self.disputes = DisputeBox()
        self.name = LineEdit(self.tr("First and last name"), LIMITS["name"])
        self.social_name = LineEdit(self.tr("What to call them, if not so"), LIMITS["social_name"])
        self.phone = WrittenOut(phone_e164, phone_shown, "(11) 98765-4321")
        self.cpf = WrittenOut(cpf_digits, cpf_shown, "000.000.000-00")
        self.email = LineEdit("", LONGEST_EMAIL)
        self.birth_date = DateField(theme, today)
        self.instagram = WrittenOut(instagram_handle, instagram_shown, "@", 80)
        self.address = LineEdit("", LIMITS["address"])
        self.notes = TextArea(rows=2)
        self.whatsapp = QCheckBox(self.tr("May receive messages"))
        self.form = Form(SIDE_BY_SIDE_FROM)
        self._add_fields(theme)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SHOW_AFTER_MS)
        self._pause.timeout.connect(self._show_touched)
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        for part in (self.notice, self.disputes, self.likeness, self.form):
            column.addWidget(part)
        column.addStretch(1)

    # Filling

    def start(self, typed: TypedClient, before: TypedClient | None = None) -> None:
        """Fill the form anew. before: what counts as unedited, where that is something else."""
        self._before = before if before is not None else typed
        self._touched = set(changed_fields(self._before, typed))
        self._fill(typed)
        self.disputes.clear()
        self.likeness.hide()
        self.form.clear_errors()

    def put(self, field: str, value: object) -> None:
        """One field, as if typed."""
        control = self.form.field(field).control
        if isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, TextArea):
            control.setPlainText(str(value))
        elif isinstance(control, (LineEdit, DateField)):
            control.setText(str(value))

    def before(self) -> TypedClient:
        return self._before

    def typed(self) -> TypedClient:
        return TypedClient(
            name=self.name.value(),
            social_name=self.social_name.value(),
            phone=self.phone.value(),
            cpf=self.cpf.value(),
            email=self.email.value(),
            birth_date=self.birth_date.text().strip(),
            instagram=self.instagram.value(),
            address=self.address.value(),
            notes=self.notes.value(),
            whatsapp_opt_in=self.whatsapp.isChecked(),
        )

    def written_out(self) -> TypedClient:
        """What is typed, with phone, CPF and Instagram as they are shown when left."""
        for field in (self.phone, self.cpf, self.instagram):
            field.write_out()
        return self.typed()

    def is_edited(self) -> bool:
        return self.typed() != self._before

    def set_locked(self, locked: bool) -> None:
        """While an answer is awaited."""
        for part in (self.form, self.notice, self.likeness, self.disputes):
            part.setEnabled(not locked)

    # Checking

    def findings(self) -> tuple[Finding, ...]:
        """Everything wrong with what is typed."""
        found = client_findings(self.typed().draft(self._today()), today=self._today())
        problem = self.birth_date.problem()
        if problem is not None:
            found = (*found, Finding("birth_date", problem.code, dict(problem.params)))
        return found

    def show_all(self) -> bool:
        """Show every finding. True when there is none."""
        self._pause.stop()
        self._touched.update(self.form.fields())
        findings = self.findings()
        self.form.show_findings(findings)
        if findings:
            self.form.focus_first_error()
        return not findings

    def show_findings(self, findings: Sequence[Finding]) -> list[str]:
        """What the database found. Returns the sentences that belong to no field."""
        homeless = self.form.show_findings(findings)
        self.form.focus_first_error()
        return homeless

    # Inside

    def _add_fields(self, theme: Theme) -> None:
        self._add(theme, "name", self.name, required=True, wide=True)
        self._add(theme, "social_name", self.social_name, wide=True)
        self._add(theme, "phone", self.phone)
        self._add(theme, "cpf", self.cpf)
        self._add(theme, "email", self.email, wide=True)
        self._add(theme, "birth_date", self.birth_date)
        self._add(theme, "instagram", self.instagram)
        self._add(theme, "address", self.address, wide=True)
        self._add(theme, "notes", self.notes, wide=True)
        self._add(theme, "whatsapp_opt_in", self.whatsapp, wide=True)

    def _add(
        self,
        theme: Theme,
        name: str,
        control: QWidget,
        *,
        required: bool = False,
        wide: bool = False,
    ) -> None:
        control.setObjectName(name)
        self.form.add(name, Field(theme, field_label(name), control, required=required), wide=wide)

    def _connect(self) -> None:
        self.form.edited.connect(self._on_edited)
        self.whatsapp.toggled.connect(self._on_edited)
        self.form.submitted.connect(self.submitted)
        self.disputes.decided.connect(self.put)

    def _fill(self, typed: TypedClient) -> None:
        self._filling = True
        for name in self.form.fields():
            self.put(name, getattr(typed, name))
        self._filling = False
        self._pause.stop()

    @Slot()
    def _on_edited(self) -> None:
        if self._filling:
            return
        self._touched.update(changed_fields(self._before, self.typed()))
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
                and not (one.code in _UNFINISHED and self.form.field(one.field).control.hasFocus())
            ]
        )


_UNFINISHED = frozenset({"phone_invalid", "cpf_invalid", "email_invalid", "date_malformed"})
"""What everything half typed is."""
