"""What a list of entries shows, and what was done with one of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_core.ledger.queries import month_state
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.entries.screen import EntriesScreen
from studio_desktop.entries.writing import EntryWriting
from studio_desktop.forms.reason_dialog import ReasonDialog
from studio_desktop.forms.undo import Undoable
from studio_desktop.models.paged import PagedRows
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

SEARCH_PAUSE_MS = 120


class EntriesController(QObject):
    """A subclass says what is asked of the core and how an entry is spoken of."""

    tables: frozenset[str] = frozenset()
    """Those whose changes show in the list."""

    def __init__(self, view: EntriesScreen, writing: EntryWriting, context: ScreenContext) -> None:
        super().__init__(view)
        self.view, self.writing, self.context = view, writing, context
        self.search = ""
        self._state = "open"
        self._wanted_id: int | None = None
        self._rows: PagedRows[Any] = PagedRows(context.runner, view.model, self)
        self._undoable = Undoable(context.runner, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self.show)
        self._connect()

    def _connect(self) -> None:
        view, changes = self.view, self.context.changes
        view.reload_wanted.connect(self.reload)
        view.search_changed.connect(self._on_search)
        view.filter_changed.connect(self.show)
        view.table.order_changed.connect(self.show)
        view.table.row_opened.connect(self._on_opened)
        view.table.row_chosen.connect(self._on_chosen)
        view.empty.wanted.connect(self._on_empty_action)
        view.undo_wanted.connect(self._undoable.undo_last)
        self._rows.shown.connect(self._on_shown)
        self._rows.refused.connect(self._on_refused)
        self._undoable.undone.connect(self._on_undone)
        self._undoable.refused.connect(self.context.notifier.error)
        self.writing.booked.connect(self.on_booked)
        self.writing.corrected.connect(self._on_corrected)
        changes.changed.connect(self._on_changed)
        changes.caught_up.connect(self.reload)

    # What a subclass says

    def page(self) -> Callable[..., Any]:
        """The question for the list as it is filtered and sorted now."""
        raise NotImplementedError

    def sums(self) -> Callable[..., Any]:
        """The question for count and sums of the same."""
        raise NotImplementedError

    def summary_words(self, summary: Any) -> str:
        raise NotImplementedError

    def nothing_words(self, month: str | None, *, closed: bool, narrowed: bool) -> str:
        """Why the list is empty."""
        raise NotImplementedError

    def show_entry(self, row: Any) -> None:
        """Look at one, in the panel."""
        raise NotImplementedError

    def entry_shown(self) -> Any:
        """The row looked at, or None."""
        raise NotImplementedError

    def spoken(self, row: Any) -> str:
        """R$ 200,00 · Beatriz Nóbrega."""
        raise NotImplementedError

    def voiding(self, row: Any, reason: str) -> Callable[..., Any]:
        raise NotImplementedError

    def ask_more(self) -> None:
        """What else the screen needs; asked with the list."""

    # Reading

    @Slot()
    def reload(self) -> None:
        """Everything shown, anew; the place in the list is kept."""
        self.ask_more()
        if not self._rows.is_asked():
            self.show()
            return
        self._rows.refresh()
        self._ask_sums()

    @Slot()
    def show(self) -> None:
        self._pause.stop()
        self._rows.ask(self.page())
        self._ask_sums()

    def _ask_sums(self) -> None:
        ask, month = self.context.runner.ask, self.view.months.month()
        if month is None:
            self._state = "open"
        else:
            state = partial(month_state, month=month)
            ask(self, "state", state, self._on_state, self._on_not_answered)
        ask(self, "sums", self.sums(), self._on_sums, self._on_not_answered)

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self.search = text.strip()
        self._pause.start()

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        tables = {change.table for change in changes}
        if tables & self.tables:
            self._rows.refresh_soon()
            self._ask_sums()
        if "users" in tables:
            self.ask_more()

    @Slot(object)
    def _on_sums(self, summary: Any) -> None:
        self.view.set_summary(self.summary_words(summary))

    @Slot(object)
    def _on_state(self, state: Any) -> None:
        self._state = state
        self._say_why_empty()

    @Slot(object)
    def _on_not_answered(self, _error: Any) -> None:
        """The list says what is wrong."""

    @Slot(bool)
    def _on_shown(self, anew: bool) -> None:
        view = self.view
        if anew:
            view.table.scrollToTop()
        wanted, self._wanted_id = self._wanted_id, None
        if wanted is not None:
            view.table.choose(wanted)
        if view.shows_detail():
            self._follow_entry(anew)
        self._say_why_empty()

    def _follow_entry(self, anew: bool) -> None:
        """The entry looked at may have been changed elsewhere, or be of another month."""
        looked_at = self.entry_shown()
        model = self.view.model
        position = model.position_of(looked_at.id) if looked_at is not None else None
        now = model.row(position) if position is not None else None
        if now is None and anew:
            self.view.panel.hide()
        elif now is not None and now != looked_at:
            self.show_entry(now)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        if self.view.model.rows:
            self.context.notifier.error(error)
            return
        again = self.tr("Try again") if error.code != "not_allowed" else None
        self.view.empty.set_words(sentence_of(error), again, "alert")
        self.view.card.show_instead(self.view.empty)

    # An empty list

    def _say_why_empty(self) -> None:
        view = self.view
        if view.model.rows:
            view.card.show_instead(None)
            return
        if self._rows.failed or not self._rows.answered:
            return
        month: Month | None = view.months.month()
        closed = month is not None and self._state == "closed"
        narrowed = bool(self.search) or view.is_narrowed()
        name = formats.month(month.year, month.month) if month is not None else None
        action = None
        if view.is_narrowed() and not closed:
            action = self.tr("Clear filters")
        elif view.may_write and not closed and not narrowed:
            action = view.new_words
        words = self.nothing_words(name, closed=closed, narrowed=narrowed)
        view.empty.set_words(words, action, view.key)
        view.card.show_instead(view.empty)

    @Slot()
    def _on_empty_action(self) -> None:
        if self.view.is_narrowed():
            self.view.clear_filters()
        elif self._rows.failed:
            self.reload()
        else:
            self.writing.open_new()

    # One entry

    @Slot(object)
    def _on_opened(self, row: Any) -> None:
        if not self.view.shows_form():
            self.show_entry(row)

    @Slot(object)
    def _on_chosen(self, row: Any) -> None:
        if row is not None and self.view.shows_detail():
            self.show_entry(row)

    def ask_reason(self, row: Any, title: str, sentence: str, action: str) -> None:
        """Void an entry, by a dialog that wants to know why."""
        view = self.view
        dialog = ReasonDialog(
            self.context.theme, self.context.runner, view, title, sentence, action
        )
        _Voiding(dialog, self, row)
        dialog.submission.saved.connect(self._on_voided)
        dialog.open()

    # What was done

    @Slot(object)
    def on_booked(self, row: Any) -> None:
        self.say_with_undo(self.tr("Booked: {entry}"), row)

    @Slot(object)
    def _on_corrected(self, row: Any) -> None:
        self.say(self.tr("Corrected: {entry}"), row)

    @Slot(object)
    def _on_voided(self, row: Any) -> None:
        self.say(self.tr("Voided: {entry}"), row)

    @Slot(object)
    def _on_undone(self, row: Any) -> None:
        self.say(self.tr("Taken back: {entry}"), row)

    def say_with_undo(self, words: str, row: Any) -> None:
        undo = self._undoable.remember(self.voiding(row, self.tr("Undone right after booking")))
        self.context.notifier.info(words.replace("{entry}", self.spoken(row)), undo=undo.run)
        self._seek(row)

    def say(self, words: str, row: Any) -> None:
        self.context.notifier.info(words.replace("{entry}", self.spoken(row)))
        self._seek(row)

    def _seek(self, row: Any) -> None:
        """Read anew and choose the row, so that the eye finds it."""
        self._wanted_id = row.id
        self._rows.refresh()
        self._ask_sums()
        if not self.view.shows_form():
            self.view.table.setFocus()


class _Voiding(QObject):
    """A dialog's entry; it goes when the dialog goes."""

    def __init__(self, dialog: ReasonDialog, controller: EntriesController, row: Any) -> None:
        super().__init__(dialog)
        self._dialog, self._controller, self._row = dialog, controller, row
        dialog.reason_given.connect(self._on_reason)

    @Slot(str)
    def _on_reason(self, reason: str) -> None:
        self._dialog.send(self._controller.voiding(self._row, reason))
