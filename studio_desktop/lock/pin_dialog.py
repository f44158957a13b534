"""Choosing the PIN that opens a locked desk."""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio_core.errors import StudioError
from studio_core.people.pins import LONGEST, SHORTEST, set_own_pin
from studio_desktop.sentences import sentence_of
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.dialog import ConfirmDialog
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import PasswordField


class PinDialog(ConfirmDialog):
    """chosen: the PIN counts from now on."""

    chosen = Signal()

    def __init__(self, theme: Theme, runner: Runner, parent: QWidget) -> None:
        super().__init__(
            parent,
            self.tr("PIN for the locked desk"),
            self.tr("You sign in with Google; a PIN opens your locked desk without the browser."),
            self.tr("Save the PIN"),
        )
        self._runner = runner
        self.pin = PasswordField(theme)
        self.again = PasswordField(theme)
        for field in (self.pin, self.again):
            field.setMaxLength(LONGEST)
        help_text = self.tr("{shortest} to {longest} digits")
        help_text = help_text.replace("{shortest}", str(SHORTEST))
        self._pin = Field(
            theme, self.tr("PIN"), self.pin, help_text.replace("{longest}", str(LONGEST))
        )
        self._again = Field(theme, self.tr("The same once more"), self.again)
        self.content.addWidget(self._pin)
        self.content.addWidget(self._again)
        self.confirmed.connect(self._on_confirmed)
        self.pin.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self._on_confirmed)
        self.pin.textEdited.connect(self._on_typed)
        self.again.textEdited.connect(self._on_typed)

    @Slot()
    def _on_confirmed(self) -> None:
        if self.pin.text() != self.again.text():
            self._again.set_error(self.tr("The two are not the same."))
            self.again.setFocus()
            return
        self.set_busy(True)
        self._runner.act(
            self, partial(set_own_pin, pin=self.pin.text()), self._on_set, self._on_refused
        )

    @Slot(object)
    def _on_set(self, _answer: Any) -> None:
        self.chosen.emit()
        self.accept()

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        self.set_busy(False)
        self._pin.set_error(sentence_of(error))
        self.pin.setFocus()
        self.pin.selectAll()

    @Slot()
    def _on_typed(self) -> None:
        self._pin.set_error(None)
        self._again.set_error(None)
