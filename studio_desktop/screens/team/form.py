"""The form of one person of the team, in the side panel."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from studio_core.findings import Finding
from studio_core.people.rules import COLOURS, EMAIL_LIMIT, NAME_LIMIT, person_findings
from studio_desktop.labels import access_label
from studio_desktop.screens.team.typed import TypedPerson
from studio_desktop.screens.team.words import (
    access_explanation,
    colour_label,
    field_label,
)
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import LineEdit
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.pickers import Option, Picker
from studio_desktop.widgets.segmented import Segmented

SHOW_AFTER_MS = 250
SIDE_BY_SIDE_FROM = 320
ACCESS = ("reception", "artist", "manager", "owner", None)
_OF_ARTISTS = ("commission_percent", "colour")


class PersonForm(QWidget):
    """edited: something was typed or chosen. submitted: Ctrl+Enter, or Enter in the last field."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._before = TypedPerson()
        self._filling = False
        self._touched: set[str] = set()
        self.notice = Notice(theme)
        self.name = LineEdit(self.tr("First and last name"), NAME_LIMIT)
        self.email = LineEdit("", EMAIL_LIMIT)
        self.access = Segmented(theme, [(one, access_label(one)) for one in ACCESS])
        self.is_artist = QCheckBox(self.tr("Tattoos or pierces here"))
        self.commission = LineEdit("50", 6)
        self.colour = Picker(theme, searched=False)
        self.colour.set_options(
            [Option(place, colour_label(place), colour=place) for place in range(COLOURS)]
        )
        self.form = Form(SIDE_BY_SIDE_FROM)
        self._add(theme, "name", self.name, required=True, wide=True)
        self._add(theme, "access", self.access, wide=True)
        self._add(theme, "email", self.email, wide=True)
        self._add(theme, "is_artist", self.is_artist, wide=True)
        self._add(theme, "commission_percent", self.commission)
        self._add(theme, "colour", self.colour)
        self.form.field("commission_percent").set_help(self.tr("Percent of each payment"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SHOW_AFTER_MS)
        self._pause.timeout.connect(self._show_touched)
        self.form.edited.connect(self._on_edited)
        self.access.chosen.connect(self._on_access_chosen)
        self.is_artist.toggled.connect(self._on_edited)
        self.form.submitted.connect(self.submitted)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        column.addWidget(self.notice)
        column.addWidget(self.form)
        column.addStretch(1)

    # Filling

    def start(self, typed: TypedPerson, before: TypedPerson | None = None) -> None:
        """Fill the form anew. before: what counts as unedited, where that is something else."""
        self._before = before if before is not None else typed
        self._touched.clear()
        self._filling = True
        self.name.setText(typed.name)
        self.email.setText(typed.email)
        self.access.choose(typed.access)
        self.is_artist.setChecked(typed.is_artist)
        self.commission.setText(typed.commission_percent)
        self.colour.choose(typed.colour)
        self._filling = False
        self._pause.stop()
        self.form.clear_errors()
        self._adapt()

    def before(self) -> TypedPerson:
        return self._before

    def typed(self) -> TypedPerson:
        return TypedPerson(
            name=self.name.value(),
            email=self.email.value(),
            access=self.access.value(),
            is_artist=self.is_artist.isChecked(),
            commission_percent=self.commission.value(),
            colour=self.colour.value() or 0,
        )

    def is_edited(self) -> bool:
        return self.typed() != self._before

    def set_locked(self, locked: bool) -> None:
        """While an answer is awaited."""
        self.form.setEnabled(not locked)
        self.notice.setEnabled(not locked)

    # Checking

    def show_all(self) -> bool:
        """Show every finding. True when there is none."""
        self._pause.stop()
        self._touched.update(self.form.fields())
        findings = person_findings(self.typed().draft())
        self.form.show_findings(findings)
        self.form.focus_first_error()
        return not findings

    def show_findings(self, findings: Sequence[Finding]) -> list[str]:
        """What the database found. Returns the sentences that belong to no field."""
        homeless = self.form.show_findings(findings)
        self.form.focus_first_error()
        return homeless

    # Inside

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

    def _adapt(self) -> None:
        """What is asked depends on what somebody is here for."""
        access = self.access.value()
        self.form.field("access").set_help(access_explanation(access))
        email_help = self.tr("They sign in with it.") if access is not None else ""
        self.form.field("email").set_help(email_help)
        for name in _OF_ARTISTS:
            self.form.field(name).setVisible(self.is_artist.isChecked())

    @Slot(object)
    def _on_access_chosen(self, access: Any) -> None:
        if not self._filling and access == "artist":
            self.is_artist.setChecked(True)
        self._on_edited()

    @Slot()
    def _on_edited(self) -> None:
        if self._filling:
            return
        typed = self.typed()
        self._touched.update(
            name
            for name in self.form.fields()
            if getattr(typed, name) != getattr(self._before, name)
        )
        self._adapt()
        wrong = {finding.field for finding in person_findings(typed.draft())}
        for name, field in self.form.fields().items():
            if name not in wrong:
                field.set_error(None)
        self._pause.start()
        self.edited.emit()

    @Slot()
    def _show_touched(self) -> None:
        """Of the field being typed in, only what more typing would not mend."""
        self.form.show_findings(
            [
                one
                for one in person_findings(self.typed().draft())
                if one.field in self._touched
                and not (one.field == "email" and self.email.hasFocus())
            ]
        )
