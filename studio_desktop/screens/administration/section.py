"""One section of the screen, and what decides for it. Only the one in front reads."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.screens.screen import ScreenContext, TourStop

PAUSE_MS = 150
"""A burst of changes is read once."""


class Section(QWidget):
    """summary_changed: the line under the title says something else. shown: it came to the front.
    audit_wanted(AuditFilter): the audit, narrowed to that.
    """

    summary_changed = Signal()
    shown = Signal()
    audit_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: tuple[QWidget, ...] = ()
        """For the header, while the section is in front; the primary one last."""
        self._summary = ""
        self._stops: Callable[[], Sequence[TourStop]] = tuple

    def summary(self) -> str:
        return self._summary

    def set_summary(self, summary: str) -> None:
        self._summary = summary
        self.summary_changed.emit()

    # What the screen asks

    def search_hint(self) -> str:
        """What the box in the top bar finds here; empty hides it."""
        return ""

    def has_unsaved(self) -> bool:
        return False

    def go_back(self) -> bool:
        """Esc: close what is open. False when there was nothing to close."""
        return False

    def focus_list(self) -> None:
        self.setFocus()

    def show_subject(self, subject: object) -> None:
        """Another section leads here. What means nothing here is passed over."""

    def tour_stops(self) -> Sequence[TourStop]:
        return self._stops()

    def set_tour_stops(self, stops: Callable[[], Sequence[TourStop]]) -> None:
        """stops: asked when the tour has come to the section."""
        self._stops = stops

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()


class SectionController(QObject):
    """What changes behind the section's back is read when it comes to the front."""

    tables: frozenset[str] = frozenset()
    """Those whose changes show."""

    def __init__(self, section: Section, context: ScreenContext) -> None:
        super().__init__(section)
        self.section, self.context, self.runner = section, context, context.runner
        self._stale = True
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        section.shown.connect(self._on_front)
        context.changes.changed.connect(self._on_changes)
        context.changes.caught_up.connect(self.reload_soon)

    @Slot()
    def reload(self) -> None:
        """Everything shown, anew. F5, and when it came to the front and was not up to date."""
        self._stale = False
        self.read()

    def read(self) -> None:
        raise NotImplementedError

    def search(self, text: str) -> None:
        """Typed in the top bar."""

    @Slot()
    def reload_soon(self) -> None:
        if not self.section.isVisible():
            self._stale = True
        elif not self._pause.isActive():
            self._pause.start()

    def on_changed(self, tables: frozenset[str]) -> None:
        """tables: of this section's, those that changed."""
        self.reload_soon()

    @Slot(object)
    def on_not_answered(self, _error: Any) -> None:
        """Of what stands beside the list or the reports, which say themselves what is wrong."""

    @Slot()
    def _on_front(self) -> None:
        if self._stale:
            self.reload()

    @Slot(object)
    def _on_changes(self, changes: Any) -> None:
        touched = self.tables & {change.table for change in changes}
        if touched:
            self.on_changed(touched)
