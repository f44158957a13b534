"""The page over a locked desk: who sits here, one field, and a way for somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.errors import RuleError
from studio_desktop import formats
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.avatar import Avatar
from studio_desktop.widgets.buttons import PrimaryButton, TextButton
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.chips import ChipRow
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import PasswordField
from studio_desktop.widgets.text import label

WIDTH = 400
SECOND_MS = 1_000


@dataclass(frozen=True)
class Locked:
    """Somebody whose desk waits. access: in words. secret: in words what they type, such as
    Password; empty where they sign in anew. unsaved: a form of theirs is still open."""

    user_id: int
    name: str
    access: str
    secret: str
    unsaved: bool


class LockPage(QWidget):
    """unlock_wanted(user_id, secret). somebody_else_wanted: another person signs in."""

    unlock_wanted = Signal(object, str)
    somebody_else_wanted = Signal()

    def __init__(self, theme: Theme, people: Sequence[Locked]) -> None:
        """people: whoever locked last comes first."""
        super().__init__()
        self._people = {person.user_id: person for person in people}
        self._wait_s = 0
        self._words = ""
        self.who = ChipRow(
            self.tr("Whose desk"), [(person.user_id, person.name) for person in people]
        )
        self.who.setVisible(len(people) > 1)
        self.who.chosen.connect(self._on_chosen)
        self._avatar = Avatar(theme)
        self._name = label("", "title")
        self._access = label("", "quiet")
        self._unsaved = label(self.tr("A form is still open here."), "caption")
        self.secret = PasswordField(theme)
        self.field = Field(theme, "", self.secret)
        self.button = PrimaryButton(self.tr("Unlock"))
        self.somebody_else = TextButton(self.tr("Somebody else"))
        self._patience = QTimer(self)
        self._patience.setInterval(SECOND_MS)
        self._patience.timeout.connect(self._on_second)
        self.button.clicked.connect(self._on_wanted)
        self.somebody_else.clicked.connect(self.somebody_else_wanted)
        self.secret.textEdited.connect(self._on_typed)
        self.secret.caps_changed.connect(self._on_caps)
        self._lay_out()
        self._on_chosen(self.who.value())

    def person(self) -> Locked | None:
        return self._people.get(self.who.value())

    def set_busy(self, busy: bool) -> None:
        waiting = busy or self._wait_s > 0
        for part in (self.secret, self.button, self.somebody_else, self.who):
            part.setEnabled(not waiting)
        person = self.person()
        if busy:
            self.button.set_words(self.tr("Unlocking…"))
        elif person is not None:
            self.button.set_words(self._action(person))

    def refuse(self, words: str, wait_s: int) -> None:
        """wait_s: how long the next try must wait, counted down under the field."""
        self._wait_s = wait_s
        self._words = words
        self.set_busy(False)
        self.secret.clear()
        self._show_refusal()
        if wait_s:
            self._patience.start()
        self.secret.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.button.isEnabled():
            self._on_wanted()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.secret.setFocus()

    def _lay_out(self) -> None:
        card = Card(padding=32, spacing=16)
        card.setFixedWidth(WIDTH)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._access)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar)
        head.addLayout(names, 1)
        card.column.addWidget(self.who)
        card.column.addLayout(head)
        card.column.addWidget(self._unsaved)
        card.column.addWidget(self.field)
        card.column.addWidget(self.button)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addLayout(middle)
        page.addSpacing(8)
        page.addWidget(self.somebody_else, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)

    def _action(self, person: Locked) -> str:
        return self.tr("Unlock") if person.secret else self.tr("Sign in again")

    def _show_refusal(self) -> None:
        wait = ""
        if self._wait_s:
            wait = self.tr("Wait {time}.").replace("{time}", formats.duration(self._wait_s))
        self.field.set_error(f"{self._words} {wait}".strip())

    @Slot(object)
    def _on_chosen(self, user_id: Any) -> None:
        person = self._people.get(user_id)
        if person is None:
            return
        self._avatar.show_name(person.name)
        self._name.setText(person.name)
        self._access.setText(person.access)
        self._unsaved.setVisible(person.unsaved)
        self.field.set_words(person.secret)
        self.field.setVisible(bool(person.secret))
        self.button.set_words(self._action(person))
        self.somebody_else.setVisible(bool(person.secret) or len(self._people) > 1)
        self.setAccessibleName(self.tr("Locked: {name}").replace("{name}", person.name))
        self.secret.clear()
        self.field.set_error(None)
        self.secret.setFocus()

    @Slot()
    def _on_wanted(self) -> None:
        person = self.person()
        if person is None:
            return
        if not person.secret:
            self.somebody_else_wanted.emit()
            return
        if not self.secret.text():
            self.field.set_error(RuleError("unlock_empty"))
            self.secret.setFocus()
            return
        self.set_busy(True)
        self.unlock_wanted.emit(person.user_id, self.secret.text())

    @Slot()
    def _on_second(self) -> None:
        self._wait_s -= 1
        self._show_refusal()
        if self._wait_s <= 0:
            self._patience.stop()
            self.set_busy(False)
            self.secret.setFocus()

    @Slot()
    def _on_typed(self) -> None:
        if not self._wait_s:
            self.field.set_error(None)

    @Slot(bool)
    def _on_caps(self, on: bool) -> None:
        self.field.set_help(self.tr("Caps Lock is on.") if on else "")
