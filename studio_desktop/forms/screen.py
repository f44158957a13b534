"""The screen of a list with a side panel, where one of the list is looked at or typed."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from studio_desktop.models.rows import RowModel
from studio_desktop.screens.screen import Screen, TourStop
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, PrimaryButton
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.panel import SidePanel
from studio_desktop.widgets.table import DataTable, TableCard


class PanelContent(Protocol):
    """What the screen needs of its form, a QWidget with a signal submitted."""

    submitted: Any

    def set_locked(self, locked: bool) -> None: ...


class FormScreen(Screen):
    """A subclass calls set_list(), then set_form() when its pages are there, and lays out the body.

    new_wanted, undo_wanted: the primary action, Ctrl+Z. save_wanted: the form's button or
    Ctrl+Enter. closing_wanted: Esc, Cancel or the panel's cross.
    """

    new_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    closing_wanted = Signal()

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__(theme, key)
        self._unsaved: Callable[[], bool] | None = None
        self._tour_stops: Sequence[TourStop] = ()
        self._form: Any = None
        self._feet: tuple[QWidget, ...] = ()
        self.panel = SidePanel(theme)
        self.save = PrimaryButton(self.tr("Save"), "Ctrl+Return")
        self.cancel = Button(self.tr("Cancel"))
        self.save.clicked.connect(self.save_wanted)
        self.cancel.clicked.connect(self.closing_wanted)
        self.panel.closed.connect(self.closing_wanted)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.undo_wanted)

    def set_list(self, title: str, model: RowModel[Any]) -> None:
        self.set_title(title)
        self.model = model
        self.table = DataTable(self.theme, title)
        self.table.show_rows_of(model)
        self.empty = EmptyState(self.theme, self.key)
        self.card = TableCard(self.table)

    def set_form(self, form: PanelContent, *feet: QWidget) -> None:
        """feet: the buttons below the other pages of the panel."""
        self._form, self._feet = form, feet
        for foot in feet:
            self.panel.foot.addWidget(foot, 1)
        self.panel.foot.addStretch(0)  # Gives way to the page that fills the foot.
        self.panel.foot.addWidget(self.cancel)
        self.panel.foot.addWidget(self.save)
        form.submitted.connect(self.save_wanted)

    # The panel

    def show_form(self, title: str) -> None:
        self.show_page(self._form, title)

    def show_page(self, page: QWidget, title: str, foot: QWidget | None = None) -> None:
        """One of those that the panel holds, with its own buttons below."""
        self.panel.set_title(title)
        for button in (self.save, self.cancel):
            button.setVisible(page is self._form)
        for each in self._feet:
            each.setVisible(each is foot)
        if self.panel.content() is not page:
            self.panel.set_content(page)
        self.panel.open_panel()

    def shows_form(self) -> bool:
        return self.shows_page(self._form)

    def shows_page(self, page: QWidget) -> bool:
        return not self.panel.isHidden() and self.panel.content() is page

    def set_saving(self, saving: bool) -> None:
        self._form.set_locked(saving)
        self.save.setEnabled(not saving)
        self.cancel.setEnabled(not saving)

    # What the window asks

    def watch_unsaved(self, unsaved: Callable[[], bool]) -> None:
        """Who knows whether a form holds something that leaving would lose."""
        self._unsaved = unsaved

    def has_unsaved(self) -> bool:
        return self._unsaved is not None and self._unsaved()

    def go_back(self) -> bool:
        if self.panel.isHidden():
            return False
        self.closing_wanted.emit()
        return True

    def focus_list(self) -> None:
        self.table.setFocus()
        if self.table.current_row() is None and self.model.rows:
            self.table.selectRow(0)

    def set_tour_stops(self, stops: Sequence[TourStop]) -> None:
        self._tour_stops = stops

    def tour_stops(self) -> Sequence[TourStop]:
        return self._tour_stops
