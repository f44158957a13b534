"""The form of one person of the team, in the side panel."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox

from studio_core.findings import Finding
from studio_core.people.rules import COLOURS, EMAIL_LIMIT, NAME_LIMIT, person_findings
from studio_desktop.forms.panel_form import PanelForm
from studio_desktop.labels import access_label
from studio_desktop.screens.team.typed import TypedPerson
from studio_desktop.screens.team.words import access_explanation, colour_label, field_label
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.inputs import LineEdit
from studio_desktop.widgets.pickers import Option, Picker
from studio_desktop.widgets.segmented import Segmented

ACCESS = ("reception", "artist", "manager", "owner", None)
_OF_ARTISTS = ("commission_percent", "colour")


class PersonForm(PanelForm):
    """Asks for commission and colour of artists only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, TypedPerson())
        self.name = LineEdit(self.tr("First and last name"), NAME_LIMIT)
        self.email = LineEdit("", EMAIL_LIMIT)
        self.access = Segmented(theme, [(one, access_label(one)) for one in ACCESS])
        self.is_artist = QCheckBox(self.tr("Tattoos or pierces here"))
        self.commission = LineEdit("50", 6)
        self.colour = Picker(theme, searched=False)
        self.colour.set_options(
            [Option(place, colour_label(place), colour=place) for place in range(COLOURS)]
        )
        self.add("name", self.name, required=True, wide=True)
        self.add("access", self.access, wide=True)
        self.add("email", self.email, wide=True)
        self.add("is_artist", self.is_artist, wide=True)
        self.add("commission_percent", self.commission)
        self.add("colour", self.colour)
        self.form.field("commission_percent").set_help(self.tr("Percent of each payment"))
        self.access.chosen.connect(self._on_access_chosen)
        self.is_artist.toggled.connect(self.tell_edited)

    def label_of(self, name: str) -> str:
        return field_label(name)

    def typed(self) -> TypedPerson:
        return TypedPerson(
            name=self.name.value(),
            email=self.email.value(),
            access=self.access.value(),
            is_artist=self.is_artist.isChecked(),
            commission_percent=self.commission.value(),
            colour=self.colour.value() or 0,
        )

    def fill(self, typed: TypedPerson) -> None:
        self.name.setText(typed.name)
        self.email.setText(typed.email)
        self.access.choose(typed.access)
        self.is_artist.setChecked(typed.is_artist)
        self.commission.setText(typed.commission_percent)
        self.colour.choose(typed.colour)

    def findings(self) -> tuple[Finding, ...]:
        return person_findings(self.typed().draft())

    def is_unfinished(self, finding: Finding) -> bool:
        return finding.field == "email"

    def adapt(self) -> None:
        """What is asked depends on what somebody is here for."""
        access = self.access.value()
        self.form.field("access").set_help(access_explanation(access))
        email_help = self.tr("They sign in with it.") if access is not None else ""
        self.form.field("email").set_help(email_help)
        for name in _OF_ARTISTS:
            self.form.field(name).setVisible(self.is_artist.isChecked())

    @Slot(object)
    def _on_access_chosen(self, access: Any) -> None:
        if not self.filling and access == "artist":
            self.is_artist.setChecked(True)
        self.tell_edited()
