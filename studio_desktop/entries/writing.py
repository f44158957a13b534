"""Typing an entry: a new one or a correction, from the first key to the database's answer."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.errors import ConflictError
from studio_core.findings import FindingsError
from studio_core.ledger.queries import month_state
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.entries.form import EntryForm
from studio_desktop.entries.screen import EntriesScreen
from studio_desktop.entries.typed import as_kept, merged
from studio_desktop.forms.kept import Kept
from studio_desktop.forms.submission import Submission
from studio_desktop.models.columns import Tone
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

KEEP_AFTER_MS = 400
OF_THE_DAY = frozenset({"month_closed", "month_in_closing", "date_in_future"})


class EntryWriting(QObject):
    """booked(row): a new one. corrected(row): the row that replaces the old one."""

    booked = Signal(object)
    corrected = Signal(object)

    def __init__(
        self,
        view: EntriesScreen,
        form: EntryForm,
        context: ScreenContext,
        today: Callable[[], date],
    ) -> None:
        super().__init__(view)
        self.today = today
        self._view, self._form = view, form
        self._runner, self._notifier = context.runner, context.notifier
        person = f"{context.person.id} {context.person.email}"
        self._draft_file = Kept(f"{view.key}-draft", person)
        self._last_time = Kept(f"{view.key}-last-time", person)
        self._base: Any = None
        self._newer: Any = None
        self._sent: Any = None
        self._day_asked: date | None = None
        self._closed_form: tuple[Any, Any, UUID] | None = None
        self._submission = Submission(context.runner, self)
        self._keep_pause = QTimer(self)
        self._keep_pause.setSingleShot(True)
        self._keep_pause.setInterval(KEEP_AFTER_MS)
        self._keep_pause.timeout.connect(self._keep)
        self._connect()

    def _connect(self) -> None:
        view, form = self._view, self._form
        view.reload_wanted.connect(self.restore)
        view.new_wanted.connect(self.open_new)
        view.save_wanted.connect(self.save)
        view.closing_wanted.connect(self.close)
        view.watch_unsaved(self.has_unsaved)
        form.edited.connect(self._on_edited)
        form.day_named.connect(self._on_day_named)
        self._submission.saved.connect(self._on_saved)
        self._submission.refused.connect(self._on_refused)
        self._submission.lost.connect(self._on_lost)

    # What a subclass says

    def empty(self, last_time: dict[str, Any]) -> Any:
        """A new form. last_time: what remembered() gave of the last entry, or nothing."""
        raise NotImplementedError

    def from_kept(self, kept: dict[str, Any]) -> Any:
        raise NotImplementedError

    def from_row(self, row: Any) -> Any:
        raise NotImplementedError

    def remembered(self, row: Any) -> dict[str, Any]:
        """What the next new form starts with."""
        raise NotImplementedError

    def booking(self, draft: Any) -> Callable[..., Any]:
        """The action that books a new entry."""
        raise NotImplementedError

    def correction(self, base: Any, draft: Any) -> Callable[..., Any]:
        raise NotImplementedError

    def is_booked_as(self, draft: Any, row: Any) -> bool:
        """False when a lost first try booked something that was changed in the form since."""
        raise NotImplementedError

    def differences(self, before: Any, now: Any) -> str:
        """What somebody else changed, in words."""
        raise NotImplementedError

    def title(self, *, correcting: bool) -> str:
        raise NotImplementedError

    # Opening

    def has_unsaved(self) -> bool:
        return self._view.shows_form() and (self._form.is_edited() or self._submission.unanswered)

    @Slot()
    def open_new(self) -> None:
        """A form that is open already only takes the cursor."""
        if not self._view.shows_form():
            self._open(self.empty(self._last_time.load()))
        self._form.amount.setFocus()

    def open_correction(self, row: Any) -> None:
        if not self._view.shows_form():
            self._open(self.from_row(row), row)
            self._form.amount.setFocus()
            self._form.amount.selectAll()

    @Slot()
    def restore(self) -> None:
        """What was typed when the program ended without saving it."""
        if self._view.shows_form() or not self._view.may_write:
            return
        kept = self._draft_file.load()
        if not kept:
            return
        self._open(self.empty({}))
        self._form.fill(self.from_kept(kept))
        try:
            self._submission.begin(UUID(str(kept.get("request_id"))))
        except ValueError:
            pass  # Kept without a request: it was never sent.
        words = self.tr("Restored what you were typing.")
        self._say(words, "accent", self.tr("Discard"), self.leave)
        self._form.amount.setFocus()

    def _open(self, typed: Any, base: Any = None) -> None:
        self._base, self._newer = base, None
        self._submission.begin()
        self._form.start(typed, base)
        self._form.notice.hide()
        self._form.help.setVisible(base is not None)
        self._form.help.setText(
            self.tr("Saving voids the entry as it stands and books this one in its place.")
        )
        self._view.save.set_words(self.tr("Save"), "Ctrl+Return")
        self._view.show_form(self.title(correcting=base is not None))

    # Closing

    @Slot()
    def close(self) -> None:
        """Esc, Cancel or the cross: what was typed can be brought back for a moment."""
        showed_form = self._view.panel.content() is self._form
        if showed_form and self._submission.busy:
            # The cross hid the panel; the answer is still to come into it.
            self._view.panel.open_panel()
            return
        lost = showed_form and self._submission.unanswered
        edited = lost or (showed_form and self._form.is_edited())
        if edited:
            self._closed_form = (self._form.typed(), self._base, self._submission.request_id)
        self.leave()
        if edited:
            words = self.tr("The form was closed without saving.")
            if lost:
                words = self.tr("The form was closed without an answer: look whether it is booked.")
            self._notifier.info(words, undo=self.bring_back)

    @Slot()
    def bring_back(self) -> None:
        """Also the request, so that what was sent before is not booked twice."""
        if self._closed_form is None or self._view.shows_form():
            return
        typed, base, request_id = self._closed_form
        self._closed_form = None
        self._open(self.empty({}) if base is None else self.from_row(base), base)
        self._form.fill(typed)
        self._submission.begin(request_id)
        self._on_edited()
        self._form.amount.setFocus()

    def leave(self) -> None:
        self._keep_pause.stop()
        if self._view.panel.content() is self._form:
            self._draft_file.clear()
            self._base = None
            self._submission.begin()
            self._form.start(self.empty({}))
            self._form.notice.hide()
        self._view.panel.hide()
        self._view.table.setFocus()

    # Typing

    @Slot()
    def _on_edited(self) -> None:
        if self._base is None:
            self._keep_pause.start()

    @Slot()
    def _keep(self) -> None:
        """A copy for after a crash, with the request under which it may have been sent."""
        if not self._view.shows_form() or self._base is not None:
            return
        if self._form.is_edited():
            request = {"request_id": str(self._submission.request_id)}
            self._draft_file.save(as_kept(self._form.typed()) | request)
        else:
            self._draft_file.clear()

    @Slot(object)
    def _on_day_named(self, day: Any) -> None:
        """day: a date or None."""
        self._day_asked = day
        if day is None or not 2000 <= day.year <= 2100:
            self._form.set_month_closed(None)
            return
        question = partial(month_state, month=Month.of(day))
        self._runner.ask(self, "month", question, self._on_month_state, self._on_month_unknown)

    @Slot(object)
    def _on_month_state(self, state: Any) -> None:
        day = self._day_asked
        closed = state == "closed" and day is not None
        self._form.set_month_closed(Month.of(day).label if closed and day is not None else None)

    @Slot(object)
    def _on_month_unknown(self, _error: Any) -> None:
        """Saving will tell."""

    # Saving

    @Slot()
    def save(self) -> None:
        if not self._view.shows_form() or self._submission.busy or not self._form.show_all():
            return
        self._keep_pause.stop()
        self._keep()
        self._sent = draft = self._form.draft()
        base = self._base
        self._form.notice.hide()
        self._view.set_saving(True)
        self._submission.send(self.booking(draft) if base is None else self.correction(base, draft))

    @Slot(object)
    def _on_saved(self, row: Any) -> None:
        self._view.set_saving(False)
        if not self.is_booked_as(self._sent, row):
            self._go_on_as_correction(row)
            return
        correcting = self._base is not None
        if not correcting:
            self._last_time.save(self.remembered(row))
        self.leave()
        (self.corrected if correcting else self.booked).emit(row)

    def _go_on_as_correction(self, row: Any) -> None:
        """The first try had been done after all, and the form was changed before the second."""
        typed = self._form.typed()
        self._draft_file.clear()
        self._open(self.from_row(row), row)
        self._form.fill(typed)
        words = self.tr(
            "The first try was booked after all, as {amount}. Save once more to correct it."
        )
        self._say(words.replace("{amount}", formats.money(row.amount)), "warning")

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._view.set_saving(False)
        if isinstance(error, FindingsError):
            homeless = self._form.show_findings(error.findings)
            if homeless:
                self._say(" ".join(homeless), "danger")
            self._form.form.focus_first_error()
        elif isinstance(error, ConflictError) and error.params.get("current") is not None:
            self._on_conflict(error.params["current"])
        elif error.code in OF_THE_DAY:
            field = self._form.form.field(self._form.day_field)
            field.set_error(error)
            field.control.setFocus()
        else:
            self._say(sentence_of(error), "danger")

    def _on_conflict(self, current: Any) -> None:
        self._newer = current
        words = self.tr("Somebody changed this meanwhile: {changes}.")
        changes = self.differences(self._base, current) or self.tr("nothing that shows here")
        take = self.tr("Take that over")
        self._say(words.replace("{changes}", changes), "warning", take, self._take_over)

    def _take_over(self) -> None:
        """Their change and ours, on the newer row."""
        newer, base = self._newer, self._base
        typed = merged(self._form.typed(), self.from_row(base), self.from_row(newer))
        self._open(self.from_row(newer), newer)
        self._form.fill(typed)
        self._form.amount.setFocus()

    @Slot(object)
    def _on_lost(self, error: Any) -> None:
        self._view.set_saving(False)
        kept = self.tr("What you typed is kept; trying again never books it twice.")
        again = self.tr("Try again")
        self._say(f"{sentence_of(error)} {kept}", "danger", again, self.save)
        self._view.save.set_words(again, "Ctrl+Return")

    # The notice above the form

    def _say(
        self,
        words: str,
        tone: Tone,
        action: str | None = None,
        does: Callable[[], object] | None = None,
    ) -> None:
        self._form.notice.say(words, tone, action, does)
        self._view.panel.reveal(self._form.notice)
