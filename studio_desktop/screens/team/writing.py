"""Typing a person: a new one or a change, from the first key to the answer of the database."""

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.errors import ConflictError
from studio_core.findings import FindingsError
from studio_core.people.actions import add_person, change_person
from studio_core.people.queries import PersonRow
from studio_desktop.forms.submission import Submission
from studio_desktop.forms.typed import merged
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.screens.team.typed import TypedPerson, from_person
from studio_desktop.screens.team.view import TeamView
from studio_desktop.sentences import sentence_of


class PersonWriting(QObject):
    """added(PersonRow). changed(PersonRow now, PersonRow before). left: closed unsaved."""

    added = Signal(object)
    changed = Signal(object, object)
    left = Signal()

    def __init__(self, view: TeamView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._form = view, view.form
        self._notifier = context.notifier
        self._base: PersonRow | None = None
        self._closed_form: tuple[TypedPerson, PersonRow | None, UUID] | None = None
        self._submission = Submission(context.runner, self)
        self._submission.saved.connect(self._on_saved)
        self._submission.refused.connect(self._on_refused)
        self._submission.lost.connect(self._on_lost)
        view.save_wanted.connect(self.save)
        view.watch_unsaved(self.has_unsaved)

    def has_unsaved(self) -> bool:
        return self._view.shows_form() and (self._form.is_edited() or self._submission.unanswered)

    def open_new(self, name: str = "", colour: int = 0) -> None:
        """name: what was searched for in vain. colour: one that no artist has yet."""
        if not self._view.shows_form():
            before = TypedPerson(access="reception", colour=colour)
            typed = TypedPerson(name=name, access="reception", colour=colour)
            self._open(typed, None, before)
        self._form.name.setFocus()

    def open_change(self, row: PersonRow) -> None:
        if not self._view.shows_form():
            self._open(from_person(row), row)
        self._form.name.setFocus()

    @Slot()
    def close(self) -> None:
        """Esc, Cancel or the cross: what was typed can be brought back for a moment."""
        if self._submission.busy:
            self._view.panel.open_panel()
            return
        edited = self._form.is_edited() or self._submission.unanswered
        if edited:
            self._closed_form = (self._form.typed(), self._base, self._submission.request_id)
        self._leave()
        self.left.emit()
        if edited:
            self._notifier.info(
                self.tr("The form was closed without saving."), undo=self.bring_back
            )

    @Slot()
    def bring_back(self) -> None:
        if self._closed_form is None or self._view.shows_form():
            return
        typed, base, request_id = self._closed_form
        self._closed_form = None
        before = from_person(base) if base is not None else TypedPerson(access="reception")
        self._open(typed, base, before)
        self._submission.begin(request_id)

    @Slot()
    def save(self) -> None:
        if not self._view.shows_form() or self._submission.busy or not self._form.show_all():
            return
        base = self._base
        if base is not None and not self._form.is_edited() and not self._submission.unanswered:
            self.close()
            return
        draft = self._form.typed().draft(active=base.active if base is not None else True)
        action: Any = partial(add_person, draft=draft)
        if base is not None:
            action = partial(change_person, user_id=base.id, version=base.version, draft=draft)
        if self._submission.send(action):
            self._form.notice.hide()
            self._view.set_saving(True)

    def _open(
        self, typed: TypedPerson, base: PersonRow | None, before: TypedPerson | None = None
    ) -> None:
        self._base = base
        self._submission.begin()
        self._form.start(typed, before)
        self._form.notice.hide()
        self._view.save.set_words(self.tr("Save"), "Ctrl+Return")
        self._view.show_form(self.tr("New person") if base is None else base.name)

    def _leave(self) -> None:
        self._base = None
        self._form.start(TypedPerson())
        self._view.panel.hide()

    @Slot(object)
    def _on_saved(self, row: Any) -> None:
        self._view.set_saving(False)
        base = self._base
        self._leave()
        if base is None:
            self.added.emit(row)
        else:
            self.changed.emit(row, base)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._view.set_saving(False)
        current = error.params.get("current")
        if isinstance(error, FindingsError):
            homeless = self._form.show_findings(error.findings)
            if homeless:
                self._form.notice.say(" ".join(homeless), "danger")
        elif isinstance(error, ConflictError) and isinstance(current, PersonRow):
            self._on_conflict(current)
        else:
            self._form.notice.say(sentence_of(error), "danger")

    def _on_conflict(self, current: PersonRow) -> None:
        """What was typed here stays, the rest follows the other desk; a person looks and saves."""
        mine, before, theirs = self._form.typed(), self._form.before(), from_person(current)
        self._base = current
        self._form.start(merged(mine, before, theirs), theirs)
        self._form.notice.say(
            self.tr("Somebody else changed this person meanwhile. Look once more, and save."),
            "warning",
        )

    @Slot(object)
    def _on_lost(self, error: Any) -> None:
        self._view.set_saving(False)
        kept = self.tr("What you typed is kept; trying again never saves it twice.")
        self._form.notice.say(
            f"{sentence_of(error)} {kept}", "danger", self.tr("Try again"), self.save
        )
        self._view.save.set_words(self.tr("Try again"), "Ctrl+Return")
