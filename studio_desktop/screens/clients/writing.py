"""Typing a client: a new one or a change, from the first key to the answer of the database."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal, Slot

from studio_core.clients.actions import add_client, change_client
from studio_core.clients.queries import ClientDetail, client_detail
from studio_core.clients.rules import ClientDraft
from studio_desktop.forms.kept import Kept
from studio_desktop.forms.typed import changed_fields, merged
from studio_desktop.forms.writing import FormWriting
from studio_desktop.screens.clients.dispute import Dispute
from studio_desktop.screens.clients.likeness import LikenessWatch
from studio_desktop.screens.clients.typed import TypedClient, from_detail, from_kept, in_dispute
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.clients.words import field_label
from studio_desktop.screens.screen import ScreenContext

KEEP_AFTER_MS = 400


class ClientWriting(FormWriting):
    """added(ClientRow). changed(ClientRow now, ClientDetail before). left(ClientDetail or None).

    similar_wanted(id): the one that may be the same person.
    """

    similar_wanted = Signal(object)

    kind = ClientDetail

    def __init__(
        self, view: ClientsView, context: ScreenContext, today: Callable[[], date]
    ) -> None:
        super().__init__(view, view.form, context)
        self._runner, self._today = context.runner, today
        self._draft_file = Kept("client-draft", f"{context.person.id} {context.person.email}")
        self._taken_over: tuple[str, ...] = ()
        self._saved_row: Any = None
        self._likeness = LikenessWatch(view.form, context.runner, self)
        self._keep_pause = QTimer(self)
        self._keep_pause.setSingleShot(True)
        self._keep_pause.setInterval(KEEP_AFTER_MS)
        self._keep_pause.timeout.connect(self._keep)
        view.reload_wanted.connect(self.restore)
        self._likeness.open_wanted.connect(self.similar_wanted)

    # Opening

    def open_new(self, name: str = "") -> None:
        """name: what was searched for in vain."""
        if self._view.shows_form():
            self._form.focus_first()
            return
        self.open(TypedClient(name=name), None, TypedClient())

    def open_change(self, detail: ClientDetail) -> None:
        if not self._view.shows_form():
            self.open(from_detail(detail), detail)

    @Slot()
    def restore(self) -> None:
        """What was typed when the program ended without saving it."""
        kept = self._draft_file.load()
        if not kept or self._view.shows_form() or not self._view.may_write:
            return
        request_id = kept.get("request_id")
        self.open(
            from_kept(kept),
            None,
            TypedClient(),
            UUID(request_id) if isinstance(request_id, str) else None,
        )
        self._form.notice.say(
            self.tr("Restored what you were typing."), "accent", self.tr("Discard"), self._discard
        )

    def open(
        self, typed: Any, base: Any, before: Any = None, request_id: UUID | None = None
    ) -> None:
        self._taken_over = ()
        super().open(typed, base, before, request_id)
        self._likeness.start(base.id if base is not None else None)

    def leave(self) -> None:
        self._keep_pause.stop()
        self._likeness.stop()
        self._draft_file.clear()
        super().leave()

    def _discard(self) -> None:
        self.leave()
        self.left.emit(None)

    # What is typed

    def empty(self) -> TypedClient:
        return TypedClient()

    def typed_of(self, row: ClientDetail) -> TypedClient:
        return from_detail(row)

    def title(self, base: ClientDetail | None) -> str:
        if base is None:
            return self.tr("New client")
        return self.tr("Edit {name}").replace("{name}", base.shown_name)

    @Slot()
    def on_edited(self) -> None:
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

    def draft(self) -> ClientDraft:
        drafted: ClientDraft = self._form.written_out().draft(self._today())
        return drafted

    def before_sending(self) -> None:
        self._keep_pause.stop()
        self._keep()

    def action(self, base: ClientDetail | None, draft: ClientDraft) -> Callable[..., Any]:
        if base is None:
            return partial(add_client, draft=draft)
        return partial(change_client, client_id=base.id, version=base.version, draft=draft)

    def tell_saved(self, row: Any, base: ClientDetail | None) -> None:
        taken_over = self._taken_over
        super().tell_saved(row, base)
        if taken_over:
            fields = ", ".join(field_label(name) for name in taken_over)
            words = self.tr("Somebody else's changes were kept as well: {fields}.")
            self._notifier.info(words.replace("{fields}", fields))

    def find_first_try(self, row: Any) -> None:
        self._saved_row = row
        question: Any = partial(client_detail, client_id=row.id)
        self._runner.ask(self, "first try", question, self._on_first_try_found)

    @Slot(object)
    def _on_first_try_found(self, detail: ClientDetail) -> None:
        self._draft_file.clear()
        self.go_on_from(self._saved_row, detail)

    def on_conflict(self, current: ClientDetail) -> None:
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
