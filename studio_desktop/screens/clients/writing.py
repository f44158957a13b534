"""Typing a client: a new one or a change, from the first key to the answer of the database."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.clients.actions import add_client, change_client
from studio_core.clients.queries import ClientDetail, client_detail
from studio_core.clients.rules import ClientDraft
from studio_core.errors import ConflictError
from studio_core.findings import FindingsError
from studio_desktop.forms.kept import Kept
from studio_desktop.forms.submission import Submission
from studio_desktop.forms.typed import changed_fields, merged
from studio_desktop.screens.clients.dispute import Dispute
from studio_desktop.screens.clients.likeness import LikenessWatch
from studio_desktop.screens.clients.typed import (
    TypedClient,
    from_detail,
    from_kept,
    in_dispute,
)
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.clients.words import field_label
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

KEEP_AFTER_MS = 400


class ClientWriting(QObject):
    """added(ClientRow). changed(ClientRow, ClientDraft): the draft brings back what was before.

    left(ClientDetail or None): the form was closed unsaved; the client it was about.
    similar_wanted(id): the one that may be the same person.
    """

    added = Signal(object)
    changed = Signal(object, object)
    left = Signal(object)
    similar_wanted = Signal(object)

    def __init__(
        self, view: ClientsView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view)
        self._view, self._form, self._today = view, view.form, today
        self._runner, self._notifier = context.runner, context.notifier
        self._draft_file = Kept("client-draft", f"{context.person.id} {context.person.email}")
        self._base: ClientDetail | None = None
        self._closed_form: tuple[TypedClient, ClientDetail | None, UUID] | None = None
        self._first_sent: ClientDraft | None = None
        self._sent: ClientDraft | None = None
        self._taken_over: tuple[str, ...] = ()
        self._submission = Submission(context.runner, self)
        self._likeness = LikenessWatch(view.form, context.runner, self)
        self._keep_pause = QTimer(self)
        self._keep_pause.setSingleShot(True)
        self._keep_pause.setInterval(KEEP_AFTER_MS)
        self._keep_pause.timeout.connect(self._keep)
        self._connect()

    def _connect(self) -> None:
        view, form = self._view, self._form
        view.reload_wanted.connect(self.restore)
        view.save_wanted.connect(self.save)
        form.edited.connect(self._on_edited)
        self._likeness.open_wanted.connect(self.similar_wanted)
        self._submission.saved.connect(self._on_saved)
        self._submission.refused.connect(self._on_refused)
        self._submission.lost.connect(self._on_lost)

    def has_unsaved(self) -> bool:
        return self._view.shows_form() and (self._form.is_edited() or self._submission.unanswered)

    # Opening

    def open_new(self, name: str = "") -> None:
        """name: what was searched for in vain."""
        if self._view.shows_form():
            self._form.name.setFocus()
            return
        self._open(TypedClient(name=name), None, TypedClient())

    def open_change(self, detail: ClientDetail) -> None:
        if not self._view.shows_form():
            self._open(from_detail(detail), detail)

    @Slot()
    def restore(self) -> None:
        """What was typed when the program ended without saving it."""
        kept = self._draft_file.load()
        if not kept or self._view.shows_form() or not self._view.may_write:
            return
        request_id = kept.get("request_id")
        self._open(
            from_kept(kept),
            None,
            TypedClient(),
            UUID(request_id) if isinstance(request_id, str) else None,
        )
        self._form.notice.say(
            self.tr("Restored what you were typing."), "accent", self.tr("Discard"), self._discard
        )

    def _open(
        self,
        typed: TypedClient,
        base: ClientDetail | None,
        before: TypedClient | None = None,
        request_id: UUID | None = None,
    ) -> None:
        self._base, self._taken_over = base, ()
        self._submission.begin(request_id)
        self._form.start(typed, before)
        self._form.notice.hide()
        self._view.save.set_words(self.tr("Save"), "Ctrl+Return")
        title = self.tr("Edit {name}") if base is not None else self.tr("New client")
        self._view.show_form(title.replace("{name}", base.shown_name if base is not None else ""))
        self._likeness.start(base.id if base is not None else None)
        self._form.name.setFocus()
        self._form.name.end(False)

    # Closing

    def is_busy(self) -> bool:
        return self._submission.busy

    def close(self) -> None:
        """Esc, Cancel or the cross: what was typed can be brought back for a moment."""
        if self._submission.busy:
            self._view.show_form(self._view.panel.accessibleName())
            return
        edited = self._form.is_edited() or self._submission.unanswered
        if edited:
            self._closed_form = (self._form.typed(), self._base, self._submission.request_id)
        base = self._base
        self._leave()
        self.left.emit(base)
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
        before = from_detail(base) if base is not None else TypedClient()
        self._open(typed, base, before, request_id)
        self._on_edited()

    def _leave(self) -> None:
        self._keep_pause.stop()
        self._likeness.stop()
        self._draft_file.clear()
        self._base = None
        self._form.start(TypedClient())
        self._view.panel.hide()

    def _discard(self) -> None:
        self._leave()
        self.left.emit(None)

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
            self._draft_file.save(self._form.typed().as_kept() | request)
        else:
            self._draft_file.clear()

    # Saving

    @Slot()
    def save(self) -> None:
        if not self._view.shows_form() or self._submission.busy:
            return
        if not self._form.show_all():
            return
        draft, base = self._form.written_out().draft(self._today()), self._base
        if base is not None and not self._form.is_edited() and not self._submission.unanswered:
            self.close()
            return
        self._keep_pause.stop()
        self._keep()
        action: Any = partial(add_client, draft=draft)
        if base is not None:
            action = partial(change_client, client_id=base.id, version=base.version, draft=draft)
        if not self._submission.unanswered:
            self._first_sent = draft
        self._sent = draft
        if self._submission.send(action):
            self._form.notice.hide()
            self._view.set_saving(True)

    @Slot(object)
    def _on_saved(self, row: Any) -> None:
        self._view.set_saving(False)
        if self._first_sent != self._sent:
            question: Any = partial(client_detail, client_id=row.id)
            self._runner.ask(self, "first try", question, self._on_first_try_found)
            return
        base, taken_over = self._base, self._taken_over
        self._leave()
        if base is None:
            self.added.emit(row)
            return
        self.changed.emit(row, from_detail(base).draft(self._today()))
        if taken_over:
            fields = ", ".join(field_label(name) for name in taken_over)
            words = self.tr("Somebody else's changes were kept as well: {fields}.")
            self._notifier.info(words.replace("{fields}", fields))

    @Slot(object)
    def _on_first_try_found(self, detail: ClientDetail) -> None:
        """The first try had been saved after all, and the form was changed before the second."""
        typed = self._form.typed()
        self._draft_file.clear()
        self._open(typed, detail, from_detail(detail))
        self._form.notice.say(
            self.tr("The first try was saved after all. Save once more to change it."), "warning"
        )

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._view.set_saving(False)
        current = error.params.get("current")
        if isinstance(error, FindingsError):
            homeless = self._form.show_findings(error.findings)
            if homeless:
                self._form.notice.say(" ".join(homeless), "danger")
        elif isinstance(error, ConflictError) and isinstance(current, ClientDetail):
            self._on_conflict(current)
        else:
            self._form.notice.say(sentence_of(error), "danger")

    def _on_conflict(self, current: ClientDetail) -> None:
        """Changes of different fields go together; for the same field a person chooses."""
        mine, before, theirs = self._form.typed(), self._form.before(), from_detail(current)
        disputed = in_dispute(mine, before, theirs)
        self._taken_over = tuple(
            name
            for name in changed_fields(before, theirs)
            if name not in changed_fields(before, mine)
        )
        self._base = current
        self._form.start(merged(mine, before, theirs), theirs)
        if not disputed:
            self.save()
            return
        self._form.disputes.show_disputes(
            [Dispute(name, getattr(mine, name), getattr(theirs, name)) for name in disputed]
        )
        self._form.notice.say(
            self.tr(
                "Somebody else changed this client meanwhile. Choose what shall stand, and save."
            ),
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
