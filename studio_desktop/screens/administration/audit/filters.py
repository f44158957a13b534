"""What narrows the audit: a period, a person, a kind of record and its number, what was done."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_core.audit.rows import AuditFilter
from studio_core.people.queries import PersonRow
from studio_desktop.screens.administration.audit.words import action_words, table_words
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import WeakButton
from studio_desktop.widgets.inputs import DateField, LineEdit
from studio_desktop.widgets.menu_chip import MenuChip
from studio_desktop.widgets.text import label

PROGRAMS, OWN_DAYS = "programs", "own"
ACTIONS = ("insert", "update", "delete", "close", "reopen")
PAUSE_MS = 250


class AuditFilters(QWidget):
    """changed: another question than before."""

    changed = Signal()

    def __init__(self, theme: Theme, today: Any) -> None:
        """today: gives the day at the studio."""
        super().__init__()
        self._today = today
        self._correlation: str | None = None
        self._quiet = False
        self.period = MenuChip(
            theme,
            self.tr("Period"),
            (
                (None, self.tr("Any time")),
                (0, self.tr("Today")),
                (6, self.tr("Last 7 days")),
                (29, self.tr("Last 30 days")),
                (OWN_DAYS, self.tr("From … to …")),
            ),
        )
        self.first = DateField(theme, today)
        self.last = DateField(theme, today)
        self.person = MenuChip(theme, self.tr("Person"), ((None, self.tr("Anybody")),))
        self.table = MenuChip(theme, self.tr("Record"), ((None, self.tr("Any record")),))
        self.number = LineEdit(self.tr("Number"), max_length=80)
        self.action = MenuChip(
            theme,
            self.tr("What was done"),
            (
                (None, self.tr("Anything")),
                *((action, action_words(action)) for action in ACTIONS),
            ),
        )
        self.one_action = MenuChip(theme, self.tr("Correlation id"), ((None, ""),))
        self.clear = WeakButton(self.tr("Clear filters"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self._lay_out()
        self._connect()
        self._show_parts()

    def filter(self, words: str = "") -> AuditFilter:
        first, last = self._days()
        person = self.person.value()
        table = self.table.value()
        number = self.number.value()
        return AuditFilter(
            first=first,
            last=last,
            user_id=person if isinstance(person, int) else None,
            by_programs=person == PROGRAMS,
            table=table,
            row_key=number if table is not None and number else None,
            action=self.action.value(),
            correlation_id=self._correlation,
            words=words,
        )

    def is_narrowed(self) -> bool:
        return self.filter() != AuditFilter()

    def show_filter(self, wanted: AuditFilter) -> None:
        """Chooses what a filter says; its words are typed elsewhere."""
        self._quiet = True
        own = wanted.first is not None or wanted.last is not None
        self.period.choose(OWN_DAYS if own else None)
        self.first.set_day(wanted.first)
        self.last.set_day(wanted.last)
        self.person.choose(PROGRAMS if wanted.by_programs else wanted.user_id)
        if wanted.table is not None and wanted.table not in self.table.options():
            self.set_tables([*(one for one in self.table.options() if one), wanted.table])
        self.table.choose(wanted.table)
        self.number.setText(wanted.row_key or "")
        self.action.choose(wanted.action)
        self._correlation = wanted.correlation_id
        self._quiet = False
        self._show_parts()
        self._pause.stop()
        self.changed.emit()

    def set_people(self, people: Sequence[PersonRow]) -> None:
        named: list[tuple[Any, str]] = [(one.id, one.name) for one in people]
        anybody, programs = (None, self.tr("Anybody")), (PROGRAMS, self.tr("Programs"))
        self.person.set_options([anybody, *named, programs])

    def set_tables(self, tables: Sequence[str]) -> None:
        named = sorted(((table, table_words(table)) for table in tables), key=_by_words)
        self.table.set_options([(None, self.tr("Any record")), *named])

    # Inside

    def _days(self) -> tuple[date | None, date | None]:
        period = self.period.value()
        if period == OWN_DAYS:
            return self.first.day(), self.last.day()
        if period is None:
            return None, None
        return self._today() - timedelta(days=period), None

    def _lay_out(self) -> None:
        self._own = QWidget()
        own = QHBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(8)
        own.addWidget(label(self.tr("from"), "caption"))
        own.addWidget(self.first)
        own.addWidget(label(self.tr("to"), "caption"))
        own.addWidget(self.last)
        for field, name in ((self.first, self.tr("From day")), (self.last, self.tr("To day"))):
            field.setFixedWidth(132)
            field.setAccessibleName(name)
        self.number.setFixedWidth(104)
        self.number.setAccessibleName(self.tr("Number of the record"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (
            self.period,
            self._own,
            self.person,
            self.table,
            self.number,
            self.action,
            self.one_action,
            self.clear,
        ):
            row.addWidget(part)
        row.addStretch(1)

    def _connect(self) -> None:
        for chip in (self.period, self.person, self.table, self.action, self.one_action):
            chip.chosen.connect(self._on_chosen)
        self.first.day_changed.connect(self._on_typed)
        self.last.day_changed.connect(self._on_typed)
        self.number.textEdited.connect(self._on_typed)
        self.clear.clicked.connect(self._on_clear)

    def _show_parts(self) -> None:
        self._own.setVisible(self.period.value() == OWN_DAYS)
        self.number.setVisible(self.table.value() is not None)
        self.one_action.setVisible(self._correlation is not None)
        if self._correlation is not None:
            self._quiet = True
            only = self.tr("Action {id}").replace("{id}", self._correlation)
            every = self.tr("Every action")
            self.one_action.set_options(((None, every), (self._correlation, only)))
            self.one_action.choose(self._correlation)
            self._quiet = False
        self.clear.setVisible(self.is_narrowed())

    @Slot(object)
    def _on_chosen(self, _value: object) -> None:
        if self._quiet:
            return
        if self._correlation is not None and self.one_action.value() is None:
            self._correlation = None
        self._show_parts()
        self.changed.emit()

    @Slot()
    def _on_typed(self) -> None:
        if not self._quiet:
            self._show_parts()
            self._pause.start()

    @Slot()
    def _on_clear(self) -> None:
        self.show_filter(AuditFilter())


def _by_words(option: tuple[str, str]) -> str:
    return option[1]
