"""Warns while typing that the client may be in the list already."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio_core.clients.queries import SimilarClient, similar_clients
from studio_core.errors import StudioError
from studio_desktop.screens.clients.form import ClientForm
from studio_desktop.screens.clients.typed import TypedClient
from studio_desktop.screens.clients.words import reason_label
from studio_desktop.tasks.runner import Runner

PAUSE_MS = 300
NAMED = 3


class LikenessWatch(QObject):
    """open_wanted(id): of the likeliest one. It only warns; saving stays possible."""

    open_wanted = Signal(object)

    def __init__(self, form: ClientForm, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._form, self._runner = form, runner
        self._own_id: int | None = None
        self._asked: tuple[str, str, str] = ("", "", "")
        self._watching = False
        self._found: tuple[SimilarClient, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        form.edited.connect(self._on_edited)
        form.likeness.wanted.connect(self._on_wanted)

    def start(self, own_id: int | None) -> None:
        """own_id: of the client in the form, who is like itself."""
        self._own_id, self._watching = own_id, True
        self._asked = _told(self._form.before())
        self._on_edited()

    def stop(self) -> None:
        self._watching = False
        self._pause.stop()

    @Slot()
    def _on_edited(self) -> None:
        if self._watching and _told(self._form.typed()) != self._asked:
            self._pause.start()

    @Slot()
    def _ask(self) -> None:
        self._asked = _told(self._form.typed())
        name, phone, cpf = self._asked
        question: Any = partial(
            similar_clients, name=name, phone=phone, cpf=cpf, except_id=self._own_id
        )
        self._runner.ask(self, "similar", question, self._on_found, self._on_unknown)

    @Slot(object)
    def _on_found(self, found: Any) -> None:
        if not self._watching:
            return
        self._found = tuple(found)
        if not self._found:
            self._form.likeness.hide()
            return
        shown = "; ".join(self._words(one) for one in self._found[:NAMED])
        likeliest = self.tr("Open {name}").replace("{name}", self._found[0].name)
        self._form.likeness.say(
            self.tr("Already a client? {clients}.").replace("{clients}", shown),
            "warning",
            likeliest,
        )

    @Slot(object)
    def _on_unknown(self, _error: StudioError) -> None:
        """A warning that cannot be given is none."""

    @Slot()
    def _on_wanted(self) -> None:
        if self._found:
            self.open_wanted.emit(self._found[0].id)

    def _words(self, one: SimilarClient) -> str:
        return f"{one.name} ({', '.join(reason_label(reason) for reason in one.reasons)})"


def _told(typed: TypedClient) -> tuple[str, str, str]:
    """What tells one person from another."""
    return typed.name, typed.phone, typed.cpf
