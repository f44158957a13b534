"""The room with its sections: a tab for each, and the actions of the one in front."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from studio_desktop.screens.administration.section import Section
from studio_desktop.screens.screen import Screen, TourStop
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.tabs import TabRow

SECTIONS = ("health", "runs", "backups", "alerts", "audit")


class AdministrationView(Screen):
    """section_wanted(key): a tab was chosen. subject_wanted(subject): see show_subject().
    stops_wanted: the tour has come; stops() is asked next. shown: it came to the front.
    """

    section_wanted = Signal(str)
    subject_wanted = Signal(object)
    stops_wanted = Signal()
    shown = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "administration")
        self.set_title(self.tr("Administration"))
        words = {
            "health": self.tr("Health"),
            "runs": self.tr("Runs"),
            "backups": self.tr("Backups"),
            "alerts": self.tr("Alerts"),
            "audit": self.tr("Audit"),
        }
        options = [(key, words[key]) for key in SECTIONS]
        self.tabs = TabRow(theme, self.tr("Sections"), options)
        self.tabs.chosen.connect(self._on_tab_chosen)
        self._sections: dict[str, Section] = {}
        self._stops: tuple[TourStop, ...] = ()
        self._stack = QStackedWidget()
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self.body.addLayout(column)

    def add_section(self, key: str, section: Section) -> None:
        """Once it is wanted for the first time; it is shown by show_section()."""
        self._sections[key] = section
        section.summary_changed.connect(self._show_summary)
        for button in section.buttons:
            button.hide()
            self.place_action(button)
        self._stack.addWidget(section)

    def show_section(self, key: str) -> None:
        section = self._sections[key]
        for other in self._sections.values():
            for button in other.buttons:
                button.setVisible(other is section)
        self._stack.setCurrentWidget(section)
        self.tabs.choose(key)
        self._show_summary()
        self.hint_changed.emit()

    def current(self) -> Section | None:
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Section) else None

    def section(self, key: str) -> Section | None:
        return self._sections.get(key)

    def show_unseen(self, number: int) -> None:
        """How many alerts nobody has seen."""
        self.tabs.set_waiting("alerts", number, self.tr("{n} unseen").replace("{n}", str(number)))

    # What the window asks

    def search_hint(self) -> str:
        section = self.current()
        return section.search_hint() if section is not None else ""

    def has_unsaved(self) -> bool:
        return any(section.has_unsaved() for section in self._sections.values())

    def go_back(self) -> bool:
        section = self.current()
        return section is not None and section.go_back()

    def focus_list(self) -> None:
        section = self.current()
        if section is not None:
            section.focus_list()

    def show_subject(self, subject: object) -> None:
        """The key of a section, or a filter of the audit."""
        self.subject_wanted.emit(subject)

    def tour_stops(self) -> Sequence[TourStop]:
        self.stops_wanted.emit()
        return self._stops

    def set_tour_stops(self, stops: Sequence[TourStop]) -> None:
        self._stops = tuple(stops)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    @Slot(object)
    def _on_tab_chosen(self, key: object) -> None:
        self.section_wanted.emit(str(key))

    @Slot()
    def _show_summary(self) -> None:
        section = self.current()
        if section is not None:
            self.set_summary(section.summary())
