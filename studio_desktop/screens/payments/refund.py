"""Giving money back: how much, how and why."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QWidget

from studio_core.errors import RuleError
from studio_core.ledger.actions import refund_payment
from studio_core.ledger.models import METHODS
from studio_core.ledger.queries import PaymentRow
from studio_desktop import formats
from studio_desktop.forms.submission import Submission
from studio_desktop.labels import method_label, walk_in_label
from studio_desktop.sentences import sentence_of
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.dialog import ConfirmDialog
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import LineEdit, MoneyField
from studio_desktop.widgets.segmented import Segmented


class RefundDialog(ConfirmDialog):
    """submission.saved(PaymentRow): the refund, booked today."""

    def __init__(
        self, theme: Theme, runner: Runner, parent: QWidget, row: PaymentRow, today: date
    ) -> None:
        translate = QCoreApplication.translate
        sentence = translate("RefundDialog", "{amount} received on {day} · {client}")
        for place, value in (
            ("{amount}", formats.money(row.amount)),
            ("{day}", formats.day(row.paid_on)),
            ("{client}", row.client_name or walk_in_label()),
        ):
            sentence = sentence.replace(place, value)
        title, action = translate("RefundDialog", "Refund"), translate("RefundDialog", "Give back")
        super().__init__(parent, title, sentence, action)
        self._row, self._today = row, today
        self.amount = MoneyField(theme)
        self.amount.set_amount(row.amount)
        self.method = Segmented(theme, [(code, method_label(code)) for code in METHODS])
        self.method.choose(row.method)
        self.reason = LineEdit(max_length=300)
        self.amount_field = Field(theme, self.tr("Amount"), self.amount, required=True)
        self.method_field = Field(theme, self.tr("Method"), self.method, required=True)
        self.reason_field = Field(theme, self.tr("Reason"), self.reason, required=True)
        for field in (self.amount_field, self.method_field, self.reason_field):
            self.content.addWidget(field)
        self.submission = Submission(runner, self)
        self.submission.saved.connect(self._on_saved)
        self.submission.refused.connect(self._on_refused)
        self.submission.lost.connect(self._on_refused)
        self.confirmed.connect(self._on_confirmed)

    @Slot()
    def _on_confirmed(self) -> None:
        amount = self._checked_amount()
        method = self.method.value()
        reason = self.reason.value()
        self.method_field.set_error(None if method else RuleError("method_unknown"))
        self.reason_field.set_error(None if reason else RuleError("reason_required"))
        if amount is None or not method or not reason:
            return
        action: Any = partial(
            refund_payment,
            payment_id=self._row.id,
            amount=amount,
            method=method,
            paid_on=self._today,
            reason=reason,
        )
        if self.submission.send(action):
            self.set_busy(True)

    def _checked_amount(self) -> Decimal | None:
        """Shows what is wrong with it."""
        amount, problem = self.amount.amount(), self.amount.problem()
        if problem is None and amount == 0:
            problem = RuleError("amount_zero")
        elif problem is None and amount is not None and amount > self._row.amount:
            problem = RuleError("refund_too_large", limit=self._row.amount)
        self.amount_field.set_error(problem)
        return amount if problem is None else None

    @Slot(object)
    def _on_saved(self, _row: Any) -> None:
        self.accept()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        if error.code == "refund_too_large":
            self.amount_field.set_error(error)
            self.show_error("")
        else:
            self.show_error(sentence_of(error))
        if self.submission.unanswered:
            self.action.set_words(self.tr("Try again"))
