"""What the list of the team shows, and what is done with the one chosen."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Slot

from studio_core.errors import StudioError
from studio_core.people.actions import change_person
from studio_core.people.queries import PersonRow, list_people
from studio_core.people.rules import COLOURS, PersonDraft
from studio_desktop import formats
from studio_desktop.forms.submission import Submission
from studio_desktop.forms.undo import Undoable
from studio_desktop.models.rows import ROW_ROLE
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.screens.team.passwords import PasswordGiving
from studio_desktop.screens.team.view import GONE, RIGHTS, WORKING, TeamView
from studio_desktop.screens.team.writing import PersonWriting
from studio_desktop.sentences import sentence_of

TABLES = frozenset({"users", "user_logins"})


class TeamController(QObject):
    """Lives and dies with its view. A studio's people fit into one answer; they are sifted here."""

    def __init__(self, view: TeamView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._context = view, context
        self._runner, self._notifier = context.runner, context.notifier
        self._people: tuple[PersonRow, ...] = ()
        self._search = ""
        self._looked_at: int | None = None
        self._failed = False
        self._undoable = Undoable(self._runner, self)
        self._switch = Submission(self._runner, self)
        self._passwords = PasswordGiving(view, context)
        self.writing = PersonWriting(view, context)
        self._connect()

    def _connect(self) -> None:
        view = self._view
        view.reload_wanted.connect(self.reload)
        view.search_changed.connect(self._on_search)
        view.who.chosen.connect(self._on_who)
        view.new_wanted.connect(self._on_new)
        view.closing_wanted.connect(self._on_closing)
        view.undo_wanted.connect(self._undoable.undo_last)
        view.table.row_opened.connect(self._look_at)
        view.table.row_chosen.connect(self._on_chosen)
        view.table.clicked.connect(self._on_clicked)
        view.empty.wanted.connect(self._on_empty_action)
        view.detail.edit_wanted.connect(self._on_edit)
        view.detail.active_wanted.connect(self._on_active_wanted)
        self._switch.saved.connect(self._on_switched)
        self._switch.refused.connect(self._notifier.error)
        self._switch.lost.connect(self._notifier.error)
        self._undoable.undone.connect(self._on_undone)
        self._undoable.refused.connect(self._notifier.error)
        self.writing.added.connect(self._on_added)
        self.writing.changed.connect(self._on_person_changed)
        self.writing.left.connect(self._on_left)
        self._context.changes.changed.connect(self._on_changed)
        self._context.changes.caught_up.connect(self.reload)

    # Reading

    @Slot()
    def reload(self) -> None:
        self._runner.ask(self, "people", list_people, self._on_people, self._on_refused)

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        if any(change.table in TABLES for change in changes):
            self.reload()

    @Slot(object)
    def _on_people(self, people: Any) -> None:
        """people: tuple of PersonRow, those who work here first."""
        self._people, self._failed = people, False
        self._show()

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        if self._people:
            self._notifier.error(error)
            return
        self._failed = True
        self._view.empty.set_words(sentence_of(error), self.tr("Try again"), "alert")
        self._view.card.show_instead(self._view.empty)

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self._search = text.strip().casefold()
        self._show()

    @Slot(object)
    def _on_who(self, which: Any) -> None:
        """Explaining needs no panel beside it."""
        if which == RIGHTS and not self._view.shows_form():
            self._looked_at = None
            self._view.panel.hide()
        self._view.show_list(which)
        self._show()

    def _show(self) -> None:
        working = self._view.who.value() != GONE
        self._view.model.set_rows(
            row
            for row in self._people
            if row.active is working and self._search in f"{row.name} {row.email or ''}".casefold()
        )
        self._say_how_many()
        self._say_why_empty(working)
        shown = self._person(self._looked_at)
        if shown is not None:
            self._view.detail.show_row(shown)

    def _say_how_many(self) -> None:
        here = [row for row in self._people if row.active]
        artists = sum(row.is_artist for row in here)
        logins = sum(row.access is not None for row in here)
        people = self.tr("1 person") if len(here) == 1 else self.tr("{n} people")
        drawing = self.tr("1 artist") if artists == 1 else self.tr("{n} artists")
        signing = self.tr("{n} may sign in").replace("{n}", str(logins))
        self._view.set_summary(
            formats.summary(
                (
                    people.replace("{n}", str(len(here))),
                    drawing.replace("{n}", str(artists)),
                    signing,
                )
            )
        )

    def _say_why_empty(self, working: bool) -> None:
        view = self._view
        if view.model.rows:
            view.card.show_instead(None)
            return
        new = self.tr("New person") if view.may_write and working else None
        if self._search:
            words = self.tr("Nobody fits “{search}”.").replace("{search}", self._search)
        elif working:
            words = self.tr("Nobody works here yet.")
        else:
            words = self.tr("Nobody has left. Their payments and sessions would stay.")
        view.empty.set_words(words, new, "team")
        view.card.show_instead(view.empty)

    @Slot()
    def _on_empty_action(self) -> None:
        if self._failed:
            self.reload()
        else:
            self._on_new()

    # One person

    def _person(self, user_id: int | None) -> PersonRow | None:
        return next((row for row in self._people if row.id == user_id), None)

    @Slot(object)
    def _look_at(self, row: Any) -> None:
        """In the panel, unless a form stands there."""
        if not self._view.shows_form():
            self._looked_at = row.id
            self._view.detail.show_row(row)
            self._view.show_detail()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._look_at(index.data(ROW_ROLE))

    @Slot(object)
    def _on_chosen(self, row: Any) -> None:
        if row is not None and self._view.shows_detail() and self._view.table.hasFocus():
            self._look_at(row)

    @Slot()
    def _on_new(self) -> None:
        """Whoever was searched for in vain is probably the new one."""
        if not self._view.may_write:
            return
        in_vain = self._search if not self._view.model.rows and "@" not in self._search else ""
        taken = {row.colour for row in self._people if row.active and row.is_artist}
        free = next((place for place in range(COLOURS) if place not in taken), 0)
        self.writing.open_new(in_vain.title(), free)

    @Slot()
    def _on_edit(self) -> None:
        row = self._view.detail.row()
        if row is not None and self._view.may_write:
            self.writing.open_change(row)

    @Slot()
    def _on_closing(self) -> None:
        if self._view.panel.content() is self._view.form:
            self.writing.close()
        else:
            self._looked_at = None
            self._view.panel.hide()
            self._view.table.setFocus()

    @Slot()
    def _on_left(self) -> None:
        shown = self._person(self._looked_at)
        if shown is not None:
            self._look_at(shown)
        self._view.table.setFocus()

    # Coming and going

    @Slot()
    def _on_active_wanted(self) -> None:
        row = self._view.detail.row()
        if row is None or not self._view.may_write:
            return
        self._switch.send(_switching(row), (row.id, row.version))

    @Slot(object)
    def _on_switched(self, row: Any) -> None:
        words = self.tr("{name} works here again.")
        if not row.active:
            words = self.tr("{name} can sign in no more. What they did stays in the books.")
        undo = self._undoable.remember(_switching(row))
        self._notifier.info(words.replace("{name}", row.name), undo=undo.run)
        self._look_at(row)
        self.reload()

    # What was done

    @Slot(object)
    def _on_added(self, row: Any) -> None:
        self._notifier.info(self.tr("New in the team: {name}").replace("{name}", row.name))
        self._seek(row)
        if row.access is not None:
            self._passwords.give(row)

    @Slot(object, object)
    def _on_person_changed(self, row: Any, before: Any) -> None:
        back: Any = partial(
            change_person, user_id=row.id, version=row.version, draft=_draft_of(before)
        )
        self._notifier.info(
            self.tr("Saved: {name}").replace("{name}", row.name),
            undo=self._undoable.remember(back).run,
        )
        self._seek(row)
        if _login(row) not in (None, _login(before)):
            # Whoever signs in for the first time, or under a new e-mail, has no password yet.
            self._passwords.give(row)

    @Slot(object)
    def _on_undone(self, _row: object) -> None:
        self._notifier.info(self.tr("Undone."))
        self.reload()

    def _seek(self, row: PersonRow) -> None:
        self._view.who.choose(WORKING if row.active else GONE)
        self._look_at(row)
        self.reload()
        self._view.table.choose(row.id)
        self._view.table.setFocus()


def _switching(row: PersonRow) -> Any:
    """The action that lets somebody go who works here, or takes back on who left."""
    draft = replace(_draft_of(row), active=not row.active)
    return partial(change_person, user_id=row.id, version=row.version, draft=draft)


def _draft_of(row: PersonRow) -> PersonDraft:
    return PersonDraft(
        name=row.name,
        email=row.email,
        access=row.access,
        is_artist=row.is_artist,
        commission_percent=row.commission_percent,
        colour=row.colour,
        active=row.active,
    )


def _login(row: PersonRow) -> str | None:
    """The e-mail that somebody signs in with."""
    signs_in = row.active and row.access is not None and row.email is not None
    return row.email.lower() if signs_in and row.email is not None else None
