"""What the list of clients shows, and what is done with the one chosen."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QTimer, Slot

from studio_core.clients.actions import change_client
from studio_core.clients.queries import (
    ClientDetail,
    Count,
    HistoryLine,
    client_detail,
    client_history,
    count_clients,
    page_of_clients,
)
from studio_core.errors import StudioError
from studio_desktop import formats
from studio_desktop.forms.undo import Undoable
from studio_desktop.models.paged import PagedRows
from studio_desktop.models.rows import ROW_ROLE
from studio_desktop.screens.clients.flagging import Flagging
from studio_desktop.screens.clients.importing import Importing
from studio_desktop.screens.clients.typed import from_detail
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.clients.writing import ClientWriting
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

SEARCH_PAUSE_MS = 120
TABLES_SHOWN = frozenset({"clients", "client_flags", "sessions", "payments", "accounting_months"})


class ClientsController(QObject):
    """Lives and dies with its view."""

    def __init__(
        self, view: ClientsView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view)
        self._view, self._context, self._today = view, context, today
        self._runner, self._notifier = context.runner, context.notifier
        self._search = ""
        self._failed = False
        self._wanted_id: int | None = None
        self._looked_at: int | None = None
        self._rows = PagedRows(self._runner, view.model, self)
        self._undoable = Undoable(self._runner, self)
        self.writing = ClientWriting(view, context, today)
        self.flagging = Flagging(view.detail, context, self._undoable, self)
        self.importing = Importing(view, context)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._show)
        self._connect()

    def _connect(self) -> None:
        view = self._view
        view.reload_wanted.connect(self.reload)
        view.search_changed.connect(self._on_search)
        view.order_changed.connect(self._show)
        view.new_wanted.connect(self._on_new)
        view.closing_wanted.connect(self._on_closing)
        view.undo_wanted.connect(self._undoable.undo_last)
        view.watch_unsaved(self.has_unsaved)
        view.table.row_opened.connect(self.open)
        view.table.row_chosen.connect(self._on_chosen)
        view.table.clicked.connect(self._on_clicked)
        view.empty.wanted.connect(self._on_empty_action)
        view.detail.edit_wanted.connect(self._on_edit)
        self._rows.shown.connect(self._on_shown)
        self._rows.refused.connect(self._on_refused)
        self._undoable.undone.connect(self._on_undone)
        self._undoable.refused.connect(self._notifier.error)
        self.importing.imported.connect(self._on_imported)
        self.flagging.written.connect(self._read_again)
        self.writing.added.connect(self._on_added)
        self.writing.changed.connect(self._on_client_changed)
        self.writing.left.connect(self._on_left)
        self.writing.similar_wanted.connect(self._on_similar)
        self._context.changes.changed.connect(self._on_changed)
        self._context.changes.caught_up.connect(self._read_again)

    def has_unsaved(self) -> bool:
        return self.writing.has_unsaved() or self.flagging.has_unsaved()

    # Reading

    @Slot()
    def reload(self) -> None:
        """Everything shown, anew."""
        self._show()
        self._ask_detail()

    @Slot()
    def _show(self) -> None:
        self._pause.stop()
        table = self._view.table
        order: Any = table.order
        question: Any = partial(
            page_of_clients, search=self._search, order=order, descending=table.descending
        )
        self._rows.ask(question)
        self._ask_count()

    def _ask_count(self) -> None:
        question: Any = partial(count_clients, search=self._search)
        self._runner.ask(self, "count", question, self._on_count, self._on_quiet)

    @Slot()
    def _read_again(self) -> None:
        """Without losing the place."""
        self._rows.refresh()
        self._ask_count()
        self._ask_detail()

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self._search = text.strip()
        self._pause.start()

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        tables = {change.table for change in changes}
        if not tables & TABLES_SHOWN:
            return
        self._rows.refresh_soon()
        if "clients" in tables:
            self._ask_count()
        self._ask_detail()

    @Slot(object)
    def _on_count(self, count: Count) -> None:
        number = formats.count(count.number)
        if self._search:
            words = self.tr("{count} found") if count.exact else self.tr("more than {count} found")
        elif count.number == 1 and count.exact:
            words = self.tr("1 client")
        else:
            words = self.tr("{count} clients") if count.exact else self.tr("about {count} clients")
        self._view.set_summary(words.replace("{count}", number))

    @Slot(object)
    def _on_quiet(self, _error: StudioError) -> None:
        """The list itself says what is wrong."""

    @Slot(bool)
    def _on_shown(self, anew: bool) -> None:
        view = self._view
        if anew:
            view.table.scrollToTop()
        wanted, self._wanted_id = self._wanted_id, None
        if wanted is not None:
            view.table.choose(wanted)
        self._say_why_empty()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        if self._view.model.rows:
            self._notifier.error(error)
            return
        self._failed = True
        self._view.empty.set_words(sentence_of(error), self.tr("Try again"), "alert")
        self._view.card.show_instead(self._view.empty)

    # An empty list

    def _say_why_empty(self) -> None:
        view = self._view
        if view.model.rows:
            view.card.show_instead(None)
            return
        self._failed = False
        new = self.tr("New client") if view.may_write else None
        if self._search:
            words = self.tr("Nobody fits “{search}”.").replace("{search}", self._search)
        elif self._context.person.access == "artist":
            words = self.tr(
                "Your clients stand here once a session or a payment is booked with you."
            )
        else:
            words = self.tr("There are no clients yet.")
        view.empty.set_words(words, new, "clients")
        view.card.show_instead(view.empty)

    @Slot()
    def _on_empty_action(self) -> None:
        if self._view.may_write and not self._failed:
            self._on_new()
        else:
            self.reload()

    # One client

    @Slot()
    def _on_new(self) -> None:
        """Whoever was searched for in vain is probably the new one."""
        in_vain = not self._view.model.rows and not self._pause.isActive()
        is_name = not any(letter.isdigit() or letter == "@" for letter in self._search)
        self.writing.open_new(self._search if in_vain and is_name else "")

    @Slot(object)
    def open(self, row: Any) -> None:
        """Show a client in the panel, unless a form stands there."""
        if not self._view.shows_form() and not self.importing.is_busy():
            if self._view.shows_import():
                self._view.panel.hide()
            self._look_at(row.id)

    def _look_at(self, client_id: int) -> None:
        self._looked_at = client_id
        self._ask_detail()

    def _ask_detail(self) -> None:
        client_id = self._looked_at
        if client_id is None:
            return
        question: Any = partial(_in_full, client_id=client_id)
        self._runner.ask(self, "detail", question, self._on_detail)

    @Slot(object)
    def _on_detail(self, found: tuple[ClientDetail, tuple[HistoryLine, ...]]) -> None:
        detail, history = found
        if detail.id != self._looked_at:
            return
        self._view.detail.show_detail(detail)
        self._view.detail.show_history(history)
        if not self._view.shows_form() and not self._view.shows_import():
            self._view.show_detail()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.open(index.data(ROW_ROLE))

    @Slot(object)
    def _on_chosen(self, row: Any) -> None:
        """The panel follows the arrow keys, and not a list that is searched while it is open."""
        follows = self._view.shows_detail() and self._view.table.hasFocus()
        if row is not None and follows and not self.flagging.has_unsaved():
            self._look_at(row.id)

    @Slot()
    def _on_edit(self) -> None:
        detail = self._view.detail.detail()
        if detail is not None and self._view.may_write:
            self.writing.open_change(detail)

    @Slot()
    def _on_closing(self) -> None:
        view = self._view
        if view.panel.content() is view.form:
            self.writing.close()
        elif self.importing.is_busy():
            view.show_import()
        elif self.flagging.has_unsaved() and not view.panel.isHidden():
            view.detail.flags.close_form()
        else:
            self._looked_at = None
            view.panel.hide()
            view.table.setFocus()

    # What was done

    @Slot(object)
    def _on_added(self, row: Any) -> None:
        self._notifier.info(self.tr("New client: {name}").replace("{name}", row.shown_name))
        self._seek(row.id)

    @Slot(object, object)
    def _on_client_changed(self, row: Any, before: Any) -> None:
        draft = from_detail(before).draft(self._today())
        back: Any = partial(change_client, client_id=row.id, version=row.version, draft=draft)
        self._notifier.info(
            self.tr("Saved: {name}").replace("{name}", row.shown_name),
            undo=self._undoable.remember(back).run,
        )
        self._seek(row.id)

    @Slot()
    def _on_imported(self) -> None:
        """The newest are those that came."""
        self._looked_at = None
        self._view.orders.choose("newest")
        self._read_again()

    @Slot(object)
    def _on_left(self, base: Any) -> None:
        """Back to where the form was opened from."""
        if base is not None:
            self._look_at(base.id)
        else:
            self._looked_at = None
        self._view.table.setFocus()

    @Slot(object)
    def _on_similar(self, client_id: Any) -> None:
        self.writing.close()
        if not self._view.shows_form():
            self._seek(client_id)

    @Slot(object)
    def _on_undone(self, _row: object) -> None:
        self._notifier.info(self.tr("Undone."))
        self._read_again()

    def _seek(self, client_id: int) -> None:
        """Look at a client, and choose its row where the list shows it."""
        self._wanted_id = client_id
        self._rows.refresh()
        self._ask_count()
        self._look_at(client_id)
        self._view.table.setFocus()


def _in_full(session: Any, client_id: int) -> tuple[ClientDetail, tuple[HistoryLine, ...]]:
    """Both at once, so that the history shown is never another client's."""
    return client_detail(session, client_id), client_history(session, client_id)
