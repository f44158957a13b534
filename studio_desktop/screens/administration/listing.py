"""A section that is a list with a side panel for the one looked at."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.models.paged import PagedRows
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.administration.section import Section, SectionController
from studio_desktop.screens.screen import ScreenContext, TourStop
from studio_desktop.sentences import sentence_of
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.panel import SidePanel
from studio_desktop.widgets.table import DataTable, TableCard


class ListSection(Section):
    """filters_changed: another chip was chosen. again_wanted: of an empty or a failed list."""

    filters_changed = Signal()
    again_wanted = Signal()

    def __init__(self, theme: Theme, name: str, icon: str, model: RowModel[Any]) -> None:
        """name: of the list, for screen readers. icon: of what is said when it is empty."""
        super().__init__()
        self.theme, self.icon, self.model = theme, icon, model
        self.table = DataTable(theme, name)
        self.table.show_rows_of(model)
        self.empty = EmptyState(theme, icon)
        self.empty.wanted.connect(self.again_wanted)
        self.card = TableCard(self.table)
        self.panel = SidePanel(theme)
        self.head = QVBoxLayout()
        self.head.setSpacing(16)
        self._filters = QHBoxLayout()
        self._filters.setSpacing(8)
        self._filters.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(self.card, 1)
        beside.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(self.head)
        column.addLayout(self._filters)
        column.addLayout(beside, 1)

    def add_filter(self, widget: QWidget) -> None:
        self._filters.insertWidget(self._filters.count() - 1, widget)

    def show_in_panel(self, title: str, content: QWidget, foot: QWidget | None = None) -> None:
        """foot: stays in the panel from then on, seen while its content is."""
        self.panel.set_title(title)
        if foot is not None and foot.parentWidget() is not self.panel:
            self.panel.foot.addWidget(foot, 1)
        for place in range(self.panel.foot.count()):
            item = self.panel.foot.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(widget is foot)
        if self.panel.content() is not content:
            self.panel.set_content(content)
        self.panel.open_panel()

    def shows(self, content: QWidget) -> bool:
        return not self.panel.isHidden() and self.panel.content() is content

    def say_instead(
        self, sentence: str, action: str | None = None, icon: str | None = None
    ) -> None:
        """In place of the list."""
        self.empty.set_words(sentence, action, icon or self.icon)
        self.card.show_instead(self.empty)

    # What the screen asks

    def go_back(self) -> bool:
        if self.panel.isHidden():
            return False
        self.panel.close_panel()
        self.table.setFocus()
        return True

    def focus_list(self) -> None:
        self.table.setFocus()
        if self.table.current_row() is None and self.model.rows:
            self.table.selectRow(0)


class ListController(SectionController):
    """A subclass says what is asked of the core and what the panel shows of a row."""

    def __init__(self, section: ListSection, context: ScreenContext) -> None:
        super().__init__(section, context)
        self.list = section
        self._rows: PagedRows[Any] = PagedRows(context.runner, section.model, self)
        self._rows.shown.connect(self._on_shown)
        self._rows.refused.connect(self._on_refused)
        section.filters_changed.connect(self.ask)
        section.again_wanted.connect(self.on_again)
        section.table.row_opened.connect(self._on_opened)
        section.table.row_chosen.connect(self._on_chosen)
        section.set_tour_stops(self.stops)

    # What a subclass says

    def page(self) -> Callable[..., Any]:
        """The question for the list as it is filtered now."""
        raise NotImplementedError

    def nothing_words(self) -> tuple[str, str | None]:
        """Why the list is empty, and what the button under it does."""
        raise NotImplementedError

    def show_row(self, row: Any) -> None:
        """Look at one, in the panel."""
        raise NotImplementedError

    def row_shown(self) -> Any:
        """The one the panel shows, else None."""
        raise NotImplementedError

    def on_again(self) -> None:
        """The button under an empty list."""
        self.reload()

    def stops(self) -> Sequence[TourStop]:
        return (TourStop("detail", self._look_at_first, self.list.panel.close_panel),)

    # Reading

    def read(self) -> None:
        if self._rows.is_asked():
            self._rows.refresh()
        else:
            self._rows.ask(self.page())

    @Slot()
    def ask(self) -> None:
        """Another question than before: it begins at the top."""
        self._rows.ask(self.page())

    @Slot(bool)
    def _on_shown(self, anew: bool) -> None:
        if anew:
            self.list.table.scrollToTop()
        self._follow(anew)
        if self.list.model.rows:
            self.list.card.show_instead(None)
        else:
            self.list.say_instead(*self.nothing_words())
        self.on_rows()

    def on_rows(self) -> None:
        """Rows came."""

    def _follow(self, anew: bool) -> None:
        """The one looked at may have changed, or be none of those asked for now."""
        looked_at, model = self.row_shown(), self.list.model
        if looked_at is None:
            return
        position = model.position_of(model.id_of(looked_at))
        now = model.row(position) if position is not None else None
        if now is None and anew:
            self.list.panel.close_panel()
        elif now is not None and now != looked_at:
            self.show_row(now)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        if self.list.model.rows:
            self.context.notifier.error(error)
            return
        again = self.tr("Try again") if error.code != "not_allowed" else None
        self.list.say_instead(sentence_of(error), again, "alert")

    @Slot(object)
    def _on_opened(self, row: Any) -> None:
        self.show_row(row)

    @Slot(object)
    def _on_chosen(self, row: Any) -> None:
        if row is not None and self.row_shown() is not None:
            self.show_row(row)

    def _look_at_first(self) -> None:
        self.list.focus_list()
        row = self.list.table.current_row()
        if row is not None:
            self.show_row(row)
