"""Typing a person: a new one or a change, from the first key to the answer of the database."""

from collections.abc import Callable
from functools import partial
from typing import Any

from studio_core.people.actions import add_person, change_person
from studio_core.people.queries import PersonRow
from studio_core.people.rules import PersonDraft
from studio_desktop.forms.typed import merged
from studio_desktop.forms.writing import FormWriting
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.screens.team.typed import TypedPerson, from_person
from studio_desktop.screens.team.view import TeamView


class PersonWriting(FormWriting):
    """added(PersonRow). changed(PersonRow now, PersonRow before)."""

    kind = PersonRow

    def __init__(self, view: TeamView, context: ScreenContext) -> None:
        super().__init__(view, view.form, context)
        view.watch_unsaved(self.has_unsaved)

    def open_new(self, name: str = "", colour: int = 0) -> None:
        """name: what was searched for in vain. colour: one that no artist has yet."""
        if self._view.shows_form():
            self._form.focus_first()
            return
        before = TypedPerson(access="reception", colour=colour)
        self.open(TypedPerson(name=name, access="reception", colour=colour), None, before)

    def open_change(self, row: PersonRow) -> None:
        if self._view.shows_form():
            self._form.focus_first()
            return
        self.open(from_person(row), row)

    def empty(self) -> TypedPerson:
        return TypedPerson(access="reception")

    def typed_of(self, row: PersonRow) -> TypedPerson:
        return from_person(row)

    def title(self, base: PersonRow | None) -> str:
        return self.tr("New person") if base is None else base.name

    def draft(self) -> PersonDraft:
        active = self._base.active if self._base is not None else True
        drafted: PersonDraft = self._form.typed().draft(active=active)
        return drafted

    def action(self, base: PersonRow | None, draft: PersonDraft) -> Callable[..., Any]:
        if base is None:
            return partial(add_person, draft=draft)
        return partial(change_person, user_id=base.id, version=base.version, draft=draft)

    def on_conflict(self, current: PersonRow) -> None:
        """What was typed here stays, the rest follows the other desk; a person looks and saves."""
        mine, before, theirs = self._form.typed(), self._form.before(), from_person(current)
        self._base = current
        self._form.start(merged(mine, before, theirs), theirs)
        self._form.notice.say(
            self.tr("Somebody else changed this person meanwhile. Look once more, and save."),
            "warning",
        )

    def find_first_try(self, row: PersonRow) -> None:
        self.go_on_from(row, row)
