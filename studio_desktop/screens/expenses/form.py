"""The form of one expense, in the side panel."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut

from studio_core.findings import Finding
from studio_core.ledger.models import EXPENSE_CATEGORIES, METHODS
from studio_core.ledger.rules import DESCRIPTION_LIMIT, ExpenseDraft, expense_findings
from studio_desktop.entries.form import EntryForm
from studio_desktop.labels import category_label, method_label
from studio_desktop.screens.expenses.typed import TypedExpense
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import LineEdit, TextArea
from studio_desktop.widgets.pickers import Option, Picker
from studio_desktop.widgets.segmented import Segmented

ZERO = Decimal("0.00")


class ExpenseForm(EntryForm):
    """Ctrl+1 to Ctrl+6 choose the method from any field."""

    parts = {  # noqa: RUF012 – said once by the base class
        "amount": "amount",
        "description": "description",
        "category": "category",
        "method": "method",
        "spent_on": "day",
        "notes": "notes",
    }
    day_field = "spent_on"

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__(theme, today)
        self.description = LineEdit(
            self.tr("What the money was spent on"), max_length=DESCRIPTION_LIMIT
        )
        self.category = Picker(theme, self.tr("Type or choose"))
        self.category.set_options(
            [Option(code, category_label(code)) for code in categories_by_name()]
        )
        self.method = Segmented(theme, [(code, method_label(code)) for code in METHODS])
        self.notes = TextArea(rows=2)
        add = self.form.add
        add("amount", Field(theme, self.tr("Amount"), self.amount, required=True))
        add("spent_on", Field(theme, self.tr("Date"), self.day))
        add(
            "description",
            Field(theme, self.tr("Description"), self.description, required=True),
            wide=True,
        )
        add("category", Field(theme, self.tr("Category"), self.category, required=True), wide=True)
        add("method", Field(theme, self.tr("Method"), self.method, required=True), wide=True)
        add("notes", Field(theme, self.tr("Notes"), self.notes), wide=True)
        self.watch_fields(
            {
                "amount": self.amount.textChanged,
                "description": self.description.textChanged,
                "category": self.category.chosen,
                "method": self.method.chosen,
                "spent_on": self.day.textChanged,
                "notes": self.notes.textChanged,
            }
        )
        for number in range(1, len(METHODS) + 1):
            key = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            key.setObjectName(str(number))
            key.activated.connect(self._on_method_key)

    def typed(self) -> TypedExpense:
        return TypedExpense(
            amount=self.amount.text().strip(),
            description=self.description.value(),
            category=self.category.value(),
            method=self.method.value(),
            day=self.day.text().strip(),
            notes=self.notes.value(),
        )

    def put(self, typed: TypedExpense) -> None:
        self.amount.setText(typed.amount)
        self.description.setText(typed.description)
        self.category.choose(typed.category)
        if self.category.value() is None:
            self.category.setEditText("")
        self.method.choose(typed.method)
        self.day.setText(typed.day)
        self.notes.setPlainText(typed.notes)

    def draft(self) -> ExpenseDraft:
        return ExpenseDraft(
            spent_on=self.day.day() or self.today(),
            amount=self.amount.amount() or ZERO,
            description=self.description.value(),
            category=self.category.value() or "",
            method=self.method.value() or "",
            notes=self.notes.value() or None,
        )

    def unreadable(self) -> list[Finding]:
        return self.unreadable_amount() + self.unreadable_day()

    def rule_findings(self) -> Sequence[Finding]:
        return expense_findings(self.draft(), today=self.today())

    @Slot()
    def _on_method_key(self) -> None:
        sender: Any = self.sender()
        self.method.choose_number(int(sender.objectName()))


def categories_by_name() -> list[str]:
    """As one looks for them; the rest comes last."""
    named = sorted(EXPENSE_CATEGORIES, key=lambda code: category_label(code).casefold())
    return [*(code for code in named if code != "other"), "other"]
