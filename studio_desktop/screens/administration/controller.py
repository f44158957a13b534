"""Which section is in front: the last one, the one a tab names, or the one another leads to."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_core.alerts.queries import count_unseen
from studio_core.audit.rows import AuditFilter
from studio_desktop.forms.kept import Kept
from studio_desktop.screens.administration import alerts, audit, backups, health, runs
from studio_desktop.screens.administration.section import PAUSE_MS, Section, SectionController
from studio_desktop.screens.administration.view import SECTIONS, AdministrationView
from studio_desktop.screens.screen import ScreenContext, TourStop

_BUILDERS: dict[str, Callable[[ScreenContext], SectionController]] = {
    "health": health.build,
    "runs": runs.build,
    "backups": backups.build,
    "alerts": alerts.build,
    "audit": audit.build,
}


class AdministrationController(QObject):
    """Builds a section when it is first wanted, and remembers the last one for this person."""

    def __init__(self, view: AdministrationView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._context = view, context
        self._controllers: dict[str, SectionController] = {}
        self._opened = False
        person = f"{context.person.id} {context.person.email}"
        self._last_time = Kept("administration-last-time", person)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._count_unseen)
        view.section_wanted.connect(self.show_section)
        view.subject_wanted.connect(self._on_subject)
        view.stops_wanted.connect(self._on_stops_wanted)
        view.reload_wanted.connect(self._on_reload)
        view.search_changed.connect(self._on_search)
        view.shown.connect(self._count_unseen)
        context.changes.changed.connect(self._on_changed)
        context.changes.caught_up.connect(self._count_unseen)
        kept = self._last_time.load().get("section")
        self.show_section(kept if kept in SECTIONS else SECTIONS[0])

    @Slot(str)
    def show_section(self, key: str) -> None:
        if self._view.current() is not self._section(key):
            self._view.show_section(key)
            self._last_time.save({"section": key})

    def _section(self, key: str) -> Section:
        if key not in self._controllers:
            controller = _BUILDERS[key](self._context)
            self._controllers[key] = controller
            controller.section.audit_wanted.connect(self._on_subject)
            self._view.add_section(key, controller.section)
        return self._controllers[key].section

    @Slot(object)
    def _on_subject(self, subject: Any) -> None:
        if isinstance(subject, str) and subject in SECTIONS:
            self.show_section(subject)
        elif isinstance(subject, AuditFilter):
            self.show_section("audit")
            self._section("audit").show_subject(subject)

    @Slot()
    def _on_reload(self) -> None:
        """F5; a section that is shown for the first time reads by itself."""
        controller = self._current()
        if controller is not None and self._opened:
            controller.reload()
            self._count_unseen()
        self._opened = True

    @Slot(str)
    def _on_search(self, text: str) -> None:
        controller = self._current()
        if controller is not None:
            controller.search(text)

    def _current(self) -> SectionController | None:
        shown = self._view.current()
        found = (one for one in self._controllers.values() if one.section is shown)
        return next(found, None)

    # The alerts' tab

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        if self._view.isVisible() and any(change.table == "alerts" for change in changes):
            self._pause.start()

    @Slot()
    def _count_unseen(self) -> None:
        self._context.runner.ask(
            self, "unseen", count_unseen, self._view.show_unseen, self._on_not_counted
        )

    @Slot(object)
    def _on_not_counted(self, _error: Any) -> None:
        """The section in front says what is wrong; the last number stays."""

    # The tour

    @Slot()
    def _on_stops_wanted(self) -> None:
        """Each section as it opens, and what it adds itself; the first one is shown already."""
        first, *others = SECTIONS
        leave = partial(self.show_section, first)
        stops: list[TourStop] = []
        for key in others:
            stops.append(TourStop(key, partial(self.show_section, key), leave))
            for stop in self._section(key).tour_stops():
                enter = partial(_one_after_the_other, partial(self.show_section, key), stop.enter)
                stops.append(TourStop(f"{key}_{stop.name}", enter, stop.leave))
        self._view.set_tour_stops(stops)


def _one_after_the_other(*steps: Callable[[], object]) -> None:
    for step in steps:
        step()
