"""Typing one record: a new one or a change, from the first key to the answer of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.errors import ConflictError
from studio_core.findings import FindingsError
from studio_desktop.forms.panel_form import PanelForm
from studio_desktop.forms.screen import FormScreen
from studio_desktop.forms.submission import Submission
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of


@dataclass(frozen=True)
class _ClosedForm:
    """A form as it was when it was closed unsaved. first_sent: the draft whose answer was lost."""

    typed: Any
    base: Any
    request_id: UUID
    unanswered: bool
    first_sent: Any


class FormWriting(QObject):
    """A subclass says which actions save what is typed, and how two changes go together.

    added(row). changed(row now, the one before). left(the one it was about or None): the form was
    closed unsaved.
    """

    added = Signal(object)
    changed = Signal(object, object)
    left = Signal(object)

    kind: ClassVar[type]
    """Of what a change starts from, and of what a conflict brings."""

    def __init__(self, view: FormScreen, form: PanelForm, context: ScreenContext) -> None:
        super().__init__(view)
        self._view: Any = view
        self._form: Any = form
        self._notifier = context.notifier
        self._base: Any = None
        self._first_sent: Any = None
        self._sent: Any = None
        self._closed_form: _ClosedForm | None = None
        self._submission = Submission(context.runner, self)
        self._submission.saved.connect(self._on_saved)
        self._submission.refused.connect(self._on_refused)
        self._submission.lost.connect(self._on_lost)
        view.save_wanted.connect(self.save)
        form.edited.connect(self.on_edited)

    # What a subclass says

    def empty(self) -> Any:
        """A new form, before anything is typed."""
        raise NotImplementedError

    def typed_of(self, row: Any) -> Any:
        """As the form shows it."""
        raise NotImplementedError

    def title(self, base: Any) -> str:
        """base: None of a new one."""
        raise NotImplementedError

    def draft(self) -> Any:
        """What is typed, for the core."""
        raise NotImplementedError

    def action(self, base: Any, draft: Any) -> Callable[..., Any]:
        """What saves it, but for the request. base: None of a new one."""
        raise NotImplementedError

    def on_conflict(self, current: Any) -> None:
        """Somebody else changed it since: bring theirs into the form."""
        raise NotImplementedError

    def find_first_try(self, row: Any) -> None:
        """row: what one of two tries saved, between which the form was changed. Call go_on_from()
        with what a change starts from."""
        raise NotImplementedError

    @Slot()
    def on_edited(self) -> None:
        """Something was typed."""

    def before_sending(self) -> None:
        """The last moment at which what is typed is surely here."""

    # Opening

    def has_unsaved(self) -> bool:
        return self._view.shows_form() and self._would_lose()

    def open(
        self, typed: Any, base: Any, before: Any = None, request_id: UUID | None = None
    ) -> None:
        """before: what counts as unedited, where that is something else. request_id: under which
        it may have been sent before."""
        self._base = base
        self._submission.begin(request_id)
        self._form.start(typed, before)
        self._form.notice.hide()
        self._view.save.set_words(self.tr("Save"), "Ctrl+Return")
        self._view.show_form(self.title(base))
        self._form.focus_first()

    # Closing

    @Slot()
    def close(self) -> None:
        """Esc, Cancel or the cross: what was typed can be brought back for a moment."""
        if self._submission.busy:
            # The cross hid the panel; the answer is still to come into it.
            self._view.panel.open_panel()
            return
        edited = self._would_lose()
        if edited:
            self._closed_form = _ClosedForm(
                self._form.typed(),
                self._base,
                self._submission.request_id,
                self._submission.unanswered,
                self._first_sent,
            )
        base = self._base
        self.leave()
        self.left.emit(base)
        if edited:
            self._notifier.info(
                self.tr("The form was closed without saving."), undo=self.bring_back
            )

    @Slot()
    def bring_back(self) -> None:
        """Also the request, so that what was sent before is not saved twice."""
        closed = self._closed_form
        if closed is None or self._view.shows_form():
            return
        self._closed_form = None
        before = self.typed_of(closed.base) if closed.base is not None else self.empty()
        self.open(closed.typed, closed.base, before)
        self._submission.begin(closed.request_id, unanswered=closed.unanswered)
        self._first_sent = closed.first_sent
        self.on_edited()

    def leave(self) -> None:
        self._base = None
        self._form.start(self.empty())
        self._view.panel.hide()

    # Saving

    @Slot()
    def save(self) -> None:
        if not self._view.shows_form() or self._submission.busy or not self._form.show_all():
            return
        draft, base = self.draft(), self._base
        if base is not None and not self._would_lose():
            self.close()
            return
        self.before_sending()
        if not self._submission.unanswered:
            self._first_sent = draft
        self._sent = draft
        if self._submission.send(self.action(base, draft)):
            self._form.notice.hide()
            self._view.set_saving(True)

    def go_on_from(self, row: Any, current: Any) -> None:
        """current: the row, as a change starts from it. Where it is not what stands in the form,
        the first try had been saved after all."""
        if self.typed_of(current) == self._form.typed():
            self._finish(row)
            return
        self.open(self._form.typed(), current, self.typed_of(current))
        self._form.notice.say(
            self.tr("The first try was saved after all. Save once more to change it."), "warning"
        )

    def tell_saved(self, row: Any, base: Any) -> None:
        if base is None:
            self.added.emit(row)
        else:
            self.changed.emit(row, base)

    def _finish(self, row: Any) -> None:
        base = self._base
        self.leave()
        self.tell_saved(row, base)

    def _would_lose(self) -> bool:
        return self._form.is_edited() or self._submission.unanswered

    @Slot(object)
    def _on_saved(self, row: Any) -> None:
        self._view.set_saving(False)
        if self._first_sent != self._sent:
            self.find_first_try(row)
        else:
            self._finish(row)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._view.set_saving(False)
        current = error.params.get("current")
        if isinstance(error, FindingsError):
            homeless = self._form.show_findings(error.findings)
            if homeless:
                self._form.notice.say(" ".join(homeless), "danger")
        elif isinstance(error, ConflictError) and isinstance(current, self.kind):
            self.on_conflict(current)
        else:
            self._form.notice.say(sentence_of(error), "danger")

    @Slot(object)
    def _on_lost(self, error: Any) -> None:
        self._view.set_saving(False)
        kept = self.tr("What you typed is kept; trying again never saves it twice.")
        again = self.tr("Try again")
        self._form.notice.say(f"{sentence_of(error)} {kept}", "danger", again, self.save)
        self._view.save.set_words(again, "Ctrl+Return")
