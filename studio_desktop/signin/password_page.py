"""Choosing a password of one's own: after a one-time one, or from the person's menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from studio_core.errors import StudioError
from studio_core.people.rules import PASSWORD_LENGTH, password_strength
from studio_desktop.sentences import sentence_of
from studio_desktop.signin.card import CardPage
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import PrimaryButton, TextButton
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import PasswordField

if TYPE_CHECKING:
    from studio_core.people.queries import Person

_FIELDS = {"old_password_wrong": "old", "password_weak": "new", "password_unchanged": "new"}


class PasswordPage(CardPage):
    """wanted(old, new); old is empty where it was typed a moment ago. left: not now."""

    wanted = Signal(str, str)
    left = Signal()

    def __init__(self, theme: Theme, person: "Person", *, one_time: bool) -> None:
        """one_time: the person came in with a password that somebody gave them."""
        super().__init__(
            theme,
            self.tr("Choose a password") if one_time else self.tr("Change your password"),
            self.tr("The one you came with was for once. Nobody but you knows the new one.")
            if one_time
            else self.tr("It is yours alone, on every computer of the studio."),
        )
        self._person, self._one_time = person, one_time
        self.old, self.new = PasswordField(theme), PasswordField(theme)
        old_field = Field(theme, self.tr("Password until now"), self.old)
        new_field = Field(theme, self.tr("New password"), self.new)
        if one_time:
            old_field.hide()
        self._fields = {"old": old_field, "new": new_field}
        self.button = PrimaryButton(self.tr("Save the password"))
        self.back = TextButton(self.tr("Sign out") if one_time else self.tr("Cancel"), "Esc")
        self._lay_out()
        self.button.clicked.connect(self._on_wanted)
        self.back.clicked.connect(self.left)
        self.old.textEdited.connect(self._on_typed)
        self.new.textEdited.connect(self._on_typed)
        self._on_typed()

    def start(self) -> None:
        (self.new if self._one_time else self.old).setFocus()

    def show_error(self, error: StudioError) -> None:
        self.set_busy(False)
        name = _FIELDS.get(error.code)
        if name is None:
            self.say_error(sentence_of(error))
            return
        field = self._fields[name]
        field.set_error(error)
        field.control.setFocus()

    def field_error(self, name: str) -> str:
        return self._fields[name].error()

    def set_busy(self, busy: bool) -> None:
        for part in (self.old, self.new, self.button, self.back):
            part.setEnabled(not busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.button.isEnabled():
            if self.old.hasFocus() and not self.new.text():
                self.new.setFocus()
            else:
                self._on_wanted()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.button)
        for part in (*self._fields.values(), self.error_row):
            self.column.addWidget(part)
        self.column.addSpacing(4)
        self.column.addLayout(buttons)

    def strength(self) -> str:
        """What is said below the new password while it is typed."""
        typed = self.new.text()
        if not typed:
            words = self.tr("At least {length} characters. A short sentence is easy to keep.")
            return words.replace("{length}", str(PASSWORD_LENGTH))
        strength = password_strength(typed, name=self._person.name, email=self._person.email)
        return {
            "weak": self.tr("Too easy to guess so far."),
            "good": self.tr("Good."),
            "strong": self.tr("Very good."),
        }[strength]

    @Slot()
    def _on_typed(self) -> None:
        self.say_error("")
        for field in self._fields.values():
            field.set_error(None)
        self._fields["new"].set_help(self.strength())

    @Slot()
    def _on_wanted(self) -> None:
        if not self._one_time and not self.old.text():
            self._fields["old"].set_error(self.tr("Type the password you use now."))
            self.old.setFocus()
            return
        if not self.new.text():
            self._fields["new"].set_error(self.tr("Type a new password."))
            self.new.setFocus()
            return
        self.set_busy(True)
        self.wanted.emit(self.old.text(), self.new.text())
