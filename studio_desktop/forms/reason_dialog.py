"""Voiding asks why: a dialog whose reason is required."""

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio_core.errors import RuleError
from studio_desktop.forms.submission import Submission
from studio_desktop.sentences import sentence_of
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.dialog import ConfirmDialog
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import LineEdit


class ReasonDialog(ConfirmDialog):
    """reason_given(str): confirmed with a reason. submission: what to send the action with; the
    dialog shows its refusals and closes when it succeeds."""

    reason_given = Signal(str)

    def __init__(
        self, theme: Theme, runner: Runner, parent: QWidget, title: str, sentence: str, action: str
    ) -> None:
        super().__init__(parent, title, sentence, action, kind="danger")
        self.reason = LineEdit(self.tr("Typed twice, wrong client, …"), max_length=300)
        self.field = Field(theme, self.tr("Reason"), self.reason, required=True)
        self.content.addWidget(self.field)
        self.submission = Submission(runner, self)
        self.submission.saved.connect(self._on_saved)
        self.submission.refused.connect(self._on_refused)
        self.submission.lost.connect(self._on_refused)
        self.confirmed.connect(self._on_confirmed)
        self.reason.returnPressed.connect(self._on_confirmed)
        self.reason.textChanged.connect(self._on_typed)
        self._words = action
        self.reason.setFocus()

    def send(self, action: Any) -> None:
        """action: as of Submission.send()."""
        if self.submission.send(action):
            self.set_busy(True)

    @Slot()
    def _on_confirmed(self) -> None:
        if self.submission.busy:
            return
        if not self.reason.value():
            self.field.set_error(RuleError("reason_required"))
            self.reason.setFocus()
            return
        self.reason_given.emit(self.reason.value())

    @Slot()
    def _on_typed(self) -> None:
        if self.reason.value():
            self.field.set_error(None)

    @Slot(object)
    def _on_saved(self, _row: Any) -> None:
        self.accept()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self.show_error(sentence_of(error))
        if self.submission.unanswered:
            self.action.set_words(self.tr("Try again"))
