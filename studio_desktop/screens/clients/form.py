"""The form of one client, in the side panel."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QCheckBox

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
from studio_desktop.forms.panel_form import PanelForm
from studio_desktop.screens.clients.dispute import DisputeBox
from studio_desktop.screens.clients.inputs import WrittenOut
from studio_desktop.screens.clients.typed import TypedClient, instagram_shown
from studio_desktop.screens.clients.words import field_label
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.inputs import DateField, LineEdit, TextArea
from studio_desktop.widgets.notice import Notice

LONGEST_EMAIL = 254
_UNFINISHED = frozenset({"phone_invalid", "cpf_invalid", "email_invalid", "date_malformed"})
"""What everything half typed is."""


class ClientForm(PanelForm):
    """likeness: who may be the same person. disputes: what somebody else changed as well."""

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        disputes, likeness = DisputeBox(), Notice(theme)
        super().__init__(theme, TypedClient(), disputes, likeness)
        self.disputes, self.likeness = disputes, likeness
        self._today = today
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
        self.add("name", self.name, required=True, wide=True)
        self.add("social_name", self.social_name, wide=True)
        self.add("phone", self.phone)
        self.add("cpf", self.cpf)
        self.add("email", self.email, wide=True)
        self.add("birth_date", self.birth_date)
        self.add("instagram", self.instagram)
        self.add("address", self.address, wide=True)
        self.add("notes", self.notes, wide=True)
        self.add("whatsapp_opt_in", self.whatsapp, wide=True)
        self.whatsapp.toggled.connect(self.tell_edited)
        self.disputes.decided.connect(self.put)

    def label_of(self, name: str) -> str:
        return field_label(name)

    def start(self, typed: TypedClient, before: TypedClient | None = None) -> None:
        super().start(typed, before)
        self.disputes.clear()
        self.likeness.hide()

    def fill(self, typed: TypedClient) -> None:
        for name in self.form.fields():
            self.put(name, getattr(typed, name))

    def put(self, field: str, value: object) -> None:
        """One field, as if typed."""
        control = self.form.field(field).control
        if isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, TextArea):
            control.setPlainText(str(value))
        elif isinstance(control, (LineEdit, DateField)):
            control.setText(str(value))

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

    def findings(self) -> tuple[Finding, ...]:
        found = client_findings(self.typed().draft(self._today()), today=self._today())
        problem = self.birth_date.problem()
        if problem is not None:
            found = (*found, Finding("birth_date", problem.code, dict(problem.params)))
        return found

    def is_unfinished(self, finding: Finding) -> bool:
        return finding.code in _UNFINISHED
