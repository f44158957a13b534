"""One change to look at, in the side panel: who, when, under whose rights, before and after."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio_core.audit.rows import AuditRow
from studio_desktop import formats
from studio_desktop.screens.administration.audit.columns import person_words
from studio_desktop.screens.administration.audit.sides import Sides
from studio_desktop.screens.administration.audit.words import action_badge
from studio_desktop.screens.administration.copied import CopyLine
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.text import label, line

ICON = 16


class AuditDetail(QWidget):
    """record_wanted, action_wanted: everything of this record, of this action. .foot goes into the
    panel's foot."""

    record_wanted = Signal()
    action_wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._row: AuditRow | None = None
        self._people: Mapping[int, str] = {}
        self._action = BadgeLabel(theme)
        self._facts = Facts()
        self.correlation = CopyLine(
            theme, self.tr("Correlation id"), self.tr("Copy the correlation id")
        )
        self.values = Sides(zone)
        self.identity = Sides(zone)
        self._shield = QLabel()
        self._apart = label("", "caption", wrap=True)
        self._lay_out()
        theme.changed.connect(self._redraw)
        self._redraw()

    def row(self) -> AuditRow | None:
        return self._row

    def show_row(self, row: AuditRow, people: Mapping[int, str]) -> None:
        """people: names by number, for the columns that hold one."""
        self._row, self._people = row, people
        self._action.show_badge(action_badge(row.action))
        other = row.acting_role if row.acting_role != row.login_role else ""
        self._facts.show_facts(
            (
                (self.tr("When"), formats.to_the_second(row.at.astimezone(self._zone))),
                (self.tr("Who"), person_words(row)),
                (self.tr("Signed in as"), row.login_role),
                (self.tr("Acted under"), other),
                (self.tr("Entry"), str(row.id)),
            )
        )
        self.correlation.show_value(row.correlation_id or "")
        self.action_button.setVisible(row.correlation_id is not None)
        self.identity.show_change(row, people, identity=True)
        self.values.show_change(row, people, identity=False)
        self._show_apart(row)

    def show_people(self, people: Mapping[int, str]) -> None:
        """Names that came after the row did."""
        if self._row is not None and people != self._people:
            self.show_row(self._row, people)

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def apart(self) -> str:
        """What is said about the values kept apart; empty where there are none."""
        return "" if self._apart_line.isHidden() else self._apart.text()

    def _show_apart(self, row: AuditRow) -> None:
        words = ""
        if row.identity_erased:
            words = self.tr("The values that identified the client were erased.")
        elif row.identity_before is not None or row.identity_after is not None:
            words = self.tr("Identifies the client: kept apart, so that it can be erased.")
        self._apart.setText(words)
        self._apart_line.setVisible(bool(words))

    def _lay_out(self) -> None:
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._action)
        badges.addStretch(1)
        self._apart_line = QWidget()
        apart = QHBoxLayout(self._apart_line)
        apart.setContentsMargins(0, 0, 0, 0)
        apart.setSpacing(6)
        apart.addWidget(self._shield)
        apart.addWidget(self._apart, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(12)
        column.addLayout(badges)
        column.addWidget(self._facts)
        column.addWidget(self.correlation)
        column.addWidget(line())
        column.addWidget(self._apart_line)
        column.addWidget(self.identity)
        column.addWidget(self.values)
        column.addStretch(1)
        self.foot = QWidget()
        self.record_button = Button(self.tr("All of this record"), "F2")
        self.action_button = Button(self.tr("All of this action"), "Shift+F2")
        self.record_button.clicked.connect(self.record_wanted)
        self.action_button.clicked.connect(self.action_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.record_button)
        row.addWidget(self.action_button)
        row.addStretch(1)

    @Slot()
    def _redraw(self) -> None:
        self._shield.setPixmap(self._theme.pixmap("shield", "text_2", ICON, self))
