"""A list that is read page by page into a RowModel and read anew without losing its place."""

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.db.paging import Cursor, Page
from studio_core.errors import StudioError, UnavailableError
from studio_desktop.models.rows import RowModel
from studio_desktop.tasks.runner import Runner

R = TypeVar("R")

PAGE = 100
REFRESH_AFTER_MS = 60
TOPIC = "rows"


class PagedRows(QObject, Generic[R]):
    """Fills a model from a question of the core that pages by key.

    shown(bool): rows arrived; True for another question than before (scroll to the top).
    refused(StudioError): nothing arrived; what is shown stays.
    """

    shown = Signal(bool)
    refused = Signal(object)

    def __init__(self, runner: Runner, model: RowModel[R], parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._model = runner, model
        self._question: Callable[..., Page[R]] | None = None
        self._next: Cursor | None = None
        self._anew = True
        self._reading = self._more_wanted = False
        self.answered = self.failed = False
        """Rows came at least once; the last reading was refused."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(REFRESH_AFTER_MS)
        self._pause.timeout.connect(self.refresh)
        model.more_wanted.connect(self._on_more_wanted)

    def ask(self, question: Callable[..., Page[R]]) -> None:
        """question(session, after=, limit=): a query with its filter and order bound."""
        self._question = question
        self._anew = True
        self._read(PAGE)

    @Slot()
    def refresh(self) -> None:
        """Read as many rows anew as are shown now, or are about to be."""
        if self._question is not None:
            further = PAGE if self._more_wanted else 0
            self._read(max(PAGE, len(self._model.rows) + further))

    def is_asked(self) -> bool:
        return self._question is not None

    def refresh_soon(self) -> None:
        """A burst of changes is read once."""
        if not self._pause.isActive():
            self._pause.start()

    def _read(self, limit: int) -> None:
        assert self._question is not None, "a list is asked for before it is read anew"
        self._pause.stop()
        self._reading = True
        question: Any = partial(self._question, after=None, limit=limit)
        self._runner.ask(self, TOPIC, question, self._on_rows, self._on_refused)

    @Slot()
    def _on_more_wanted(self) -> None:
        if self._question is None:
            return
        self._more_wanted = True
        if self._reading:
            # The same topic would drop the reading under way; it brings the next page as well.
            self._read(len(self._model.rows) + PAGE)
            return
        question: Any = partial(self._question, after=self._next, limit=PAGE)
        self._runner.ask(self, TOPIC, question, self._on_more, self._on_refused)

    @Slot(object)
    def _on_rows(self, page: Page[R]) -> None:
        self._reading = self._more_wanted = self.failed = False
        self.answered = True
        self._next = page.next
        anew, self._anew = self._anew, False
        self._model.set_rows(page.rows, more=page.next is not None)
        self.shown.emit(anew)

    @Slot(object)
    def _on_more(self, page: Page[R]) -> None:
        self._more_wanted = False
        self._next = page.next
        self._model.append_rows(page.rows, more=page.next is not None)
        self.shown.emit(False)

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        self._reading, self.failed = False, True
        if isinstance(error, UnavailableError) and self._model.rows:
            return  # The window says that there is no connection; the bus has it read again.
        self.refused.emit(error)
