"""One person of the team to look at, in the side panel, and what an owner may do with them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.people.queries import PersonRow
from studio_desktop import formats
from studio_desktop.screens.team.words import (
    access_badge,
    access_explanation,
    colour_label,
    field_label,
    state_badge,
)
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button, TextButton
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.text import label


class PersonDetail(QWidget):
    """edit_wanted, password_wanted, active_wanted: of the person shown; the last one means to let
    somebody go or back in. .foot goes into the panel's foot."""

    edit_wanted = Signal()
    password_wanted = Signal()
    active_wanted = Signal()

    def __init__(self, theme: Theme, *, may_write: bool) -> None:
        super().__init__()
        self._may_write = may_write
        self._row: PersonRow | None = None
        self._access = BadgeLabel(theme)
        self._state = BadgeLabel(theme)
        self._explanation = label("", "quiet", wrap=True)
        self._facts = Facts()
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._access)
        badges.addWidget(self._state)
        badges.addStretch(1)
        self.password = Button(self.tr("New one-time password"))
        self.password.clicked.connect(self.password_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(12)
        column.addLayout(badges)
        column.addWidget(self._explanation)
        column.addWidget(self._facts)
        column.addSpacing(4)
        column.addWidget(self.password, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.foot = QWidget()
        self.edit = Button(self.tr("Edit"), "Ctrl+E")
        self.edit.clicked.connect(self.edit_wanted)
        self.active = TextButton("")
        self.active.clicked.connect(self.active_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.edit)
        row.addStretch(1)
        row.addWidget(self.active)

    def row(self) -> PersonRow | None:
        return self._row

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def show_row(self, row: PersonRow) -> None:
        self._row = row
        self._access.show_badge(access_badge(row.access))
        self._state.show_badge(state_badge(row))
        self._explanation.setText(access_explanation(row.access))
        self._facts.show_facts(
            (
                (field_label("email"), row.email or ""),
                (
                    field_label("commission_percent"),
                    formats.percent(row.commission_percent) if row.is_artist else "",
                ),
                (field_label("colour"), colour_label(row.colour) if row.is_artist else ""),
            )
        )
        signs_in = row.active and row.access is not None and row.email is not None
        self.password.setVisible(self._may_write and signs_in)
        self.active.setText(self.tr("Let them go") if row.active else self.tr("Take back on"))
