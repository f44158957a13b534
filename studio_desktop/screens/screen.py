"""What every screen is: a header, filters, a body, and a few things the window may ask of it.

A screen is a package `screens/<domain>/` with `view.py` (widgets, layout, signals), `controller.py`
(decides; no widgets of its own) and `build(context)` in its `__init__`:

    class PaymentsView(Screen):
        new_wanted = Signal()

        def __init__(self, context: ScreenContext) -> None:
            super().__init__(context.theme, "payments")
            self.set_title(self.tr("Payments"))
            self.set_primary(self.tr("New payment"), "F9").clicked.connect(self.new_wanted)
            self.months = ChipRow(self.tr("Month"))
            self.add_filter(self.months)
            self.table = DataTable(context.theme, self.tr("Payments"))
            self.body.addWidget(self.table, 1)
            self.panel = SidePanel(context.theme)          # hidden until .open()
            self.body.addWidget(self.panel)

    class PaymentsController(QObject):
        def __init__(self, view: PaymentsView, context: ScreenContext) -> None:
            super().__init__(view)                         # lives and dies with its view
            view.reload_wanted.connect(self.reload)        # shown for the first time, F5
            view.search_changed.connect(self._on_search)   # the box in the top bar
            context.changes.changed.connect(self._on_changed)
            context.changes.caught_up.connect(self.reload)

        def reload(self) -> None:
            self._runner.ask(self, "page", partial(page_of_payments, filter=...), self._on_page)

    def build(context: ScreenContext) -> Screen:
        view = PaymentsView(context)
        PaymentsController(view, context)
        return view
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.config import Settings
from studio_desktop.tasks.changes import ChangeBus
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, PrimaryButton
from studio_desktop.widgets.notifier import Notifier
from studio_desktop.widgets.strip import Strip
from studio_desktop.widgets.text import ElidedLabel, label

if TYPE_CHECKING:
    from studio_core.people.queries import Person

EVERYONE = frozenset({"owner", "manager", "reception", "artist"})
DESK = frozenset({"owner", "manager", "reception"})
OFFICE = frozenset({"owner", "manager"})
OWNERS = frozenset({"owner"})
"""Accesses that see a screen, or may do something on it; the database decides in the end."""


@dataclass(frozen=True)
class ClosingServer:
    """A server that backs months up and closes them, for requests.

    patience_ms: how long a request may wait for it before a person is told that none is there.
    """

    patience_ms: int = 10_000


@dataclass(frozen=True)
class ScreenContext:
    """What the composition root hands to a screen.

    closing_server: None where this desk itself backs months up and closes them.
    """

    runner: Runner
    changes: ChangeBus
    notifier: Notifier
    person: "Person"
    theme: Theme
    zone: ZoneInfo
    settings: Settings = field(default_factory=Settings)
    closing_server: ClosingServer | None = None


class Screen(QWidget):
    """The page beside the rail.

    reload_wanted: shown for the first time, F5. search_changed(str): typed in the top bar.
    elsewhere_wanted(key, subject): another screen, opened at what its show_subject() takes.
    hint_changed: search_hint() says something else now.
    """

    reload_wanted = Signal()
    search_changed = Signal(str)
    elsewhere_wanted = Signal(str, object)
    hint_changed = Signal()

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__()
        self.theme = theme
        self.key = key
        self.setObjectName(key)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shown_before = False
        self._title = label("", "title")
        self._summary = ElidedLabel("", "quiet")
        self.strip = Strip(theme)
        self.body = QHBoxLayout()
        self.body.setSpacing(16)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self._filters = QWidget()
        self._filters.hide()
        filter_row = QHBoxLayout(self._filters)
        filter_row.setContentsMargins(0, 0, 0, 0)
        filter_row.setSpacing(16)
        filter_row.addStretch(1)
        self._filter_row = filter_row
        self._lay_out()

    # Header

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def title(self) -> str:
        return self._title.text()

    def set_summary(self, summary: str) -> None:
        """One line in the secondary colour; formats.summary() joins the parts."""
        self._summary.set_whole(summary)

    def summary(self) -> str:
        return self._summary.whole()

    def set_primary(self, text: str, key: str | None = None) -> PrimaryButton:
        """The one primary action, at the right end. Its key works while the screen is shown."""
        button = PrimaryButton(text, key)
        self._actions.addWidget(button)
        return button

    def add_action(self, text: str, key: str | None = None) -> Button:
        """A quiet action left of the primary one."""
        button = Button(text, key)
        self._actions.insertWidget(max(0, self._actions.count() - 1), button)
        return button

    def place_action(self, widget: QWidget) -> None:
        """One made elsewhere, such as a section's, at the right end."""
        self._actions.addWidget(widget)

    def add_filter(self, widget: QWidget) -> None:
        """A ChipRow or another control on the line under the header."""
        self._filter_row.insertWidget(self._filter_row.count() - 1, widget)
        self._filters.show()

    # What the window asks

    def search_hint(self) -> str:
        """What the box in the top bar finds here; empty hides it."""
        return ""

    def has_unsaved(self) -> bool:
        """True while a form holds something that leaving would lose."""
        return False

    def go_back(self) -> bool:
        """Esc: close what is open. False when there was nothing to close."""
        return False

    def focus_list(self) -> None:
        """Opened, or Enter in the search box: the cursor goes to what is listed."""
        self.setFocus()

    def show_subject(self, subject: object) -> None:
        """Another screen leads here: a Month, or a filter of the core such as PaymentFilter. A
        subject that means nothing here is passed over."""

    def tour_stops(self) -> "Sequence[TourStop]":
        """Other states worth a picture, besides the screen as it opens."""
        return ()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown_before:
            self._shown_before = True
            self.reload_wanted.emit()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._summary)
        header = QHBoxLayout()
        header.setSpacing(16)
        header.addLayout(words, 1)
        header.addLayout(self._actions)
        header.setAlignment(self._actions, Qt.AlignmentFlag.AlignVCenter)
        page = QVBoxLayout()
        page.setContentsMargins(24, 20, 24, 24)
        page.setSpacing(16)
        page.addLayout(header)
        page.addWidget(self._filters)
        page.addLayout(self.body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addLayout(page, 1)


@dataclass(frozen=True)
class TourStop:
    """A state of a screen for the tour: enter() brings it about, leave() takes it back."""

    name: str
    enter: Callable[[], object]
    leave: Callable[[], object]


@dataclass(frozen=True)
class Attention:
    """How many things wait on a screen, for its line in the rail.

    count: a question of the core, asked with a session. tables: whose changes may change that.
    """

    count: Callable[[Any], int]
    tables: frozenset[str]


@dataclass(frozen=True)
class ScreenEntry:
    """One line of the list in the composition root.

    group: "desk", "money" or "studio". allowed_access: who sees it in the rail; the database
    decides what they can read there.
    """

    key: str
    title: str
    icon: str
    group: str
    allowed_access: frozenset[str]
    build: Callable[[ScreenContext], Screen]
    attention: Attention | None = None
