"""What is asked before a closed month is touched: a reason to reopen it, consent to close again."""

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio_core.errors import RuleError
from studio_desktop.sentences import sentence_of
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.dialog import ConfirmDialog
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import LineEdit


class ReopenDialog(ConfirmDialog):
    """reason_given(str): confirmed with a reason. It stays open until accept() or a refusal."""

    reason_given = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget, month: str, version: int) -> None:
        super().__init__(
            parent,
            self.tr("Reopen {month}?").replace("{month}", month),
            self.tr(
                "Its payments, commissions and expenses become open entries again, which can be "
                "corrected. Version {version} of the extrato stays on record."
            ).replace("{version}", str(version)),
            self.tr("Reopen month"),
            kind="danger",
        )
        self.reason = LineEdit(self.tr("A payment was booked in the wrong month, …"))
        self.field = Field(
            theme,
            self.tr("Reason"),
            self.reason,
            self.tr("Stands beside the old version for good."),
            required=True,
        )
        self.content.addWidget(self.field)
        self.confirmed.connect(self._on_confirmed)
        self.reason.returnPressed.connect(self._on_confirmed)
        self.reason.textChanged.connect(self._on_typed)

    @Slot(object)
    def show_refusal(self, error: Any) -> None:
        """error: a StudioError."""
        self.show_error(sentence_of(error))

    @Slot()
    def _on_confirmed(self) -> None:
        if not self.action.isEnabled():
            return
        reason = self.reason.text().strip()
        if not reason:
            self.field.set_error(RuleError("reason_required"))
            self.reason.setFocus()
            return
        self.set_busy(True)
        self.reason_given.emit(reason)

    @Slot()
    def _on_typed(self) -> None:
        if self.reason.text().strip():
            self.field.set_error(None)


class CloseAgainDialog(ConfirmDialog):
    """Consent to close a closed month once more; it closes itself when confirmed."""

    def __init__(self, parent: QWidget, month: str, version: int) -> None:
        super().__init__(
            parent,
            self.tr("Close {month} again?").replace("{month}", month),
            self.tr(
                "Its entries come back and are closed again, together with those that came late, "
                "in one step. Version {version} of the extrato stays on record."
            ).replace("{version}", str(version)),
            self.tr("Close again"),
        )
        self.confirmed.connect(self.accept)
