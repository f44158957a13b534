"""The screen Expenses."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QCoreApplication

from studio_core.ledger.models import METHODS
from studio_desktop.entries.screen import EntriesScreen
from studio_desktop.labels import category_label, method_label
from studio_desktop.screens.expenses.columns import expenses_model
from studio_desktop.screens.expenses.detail import ExpenseDetail
from studio_desktop.screens.expenses.form import ExpenseForm, categories_by_name
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.widgets.menu_chip import MenuChip


class ExpensesView(EntriesScreen):
    """Its own parts: chips for category and method, the form, the detail."""

    def __init__(self, context: ScreenContext, today: Callable[[], date]) -> None:
        translate = QCoreApplication.translate
        title, new = translate("ExpensesView", "Expenses"), translate("ExpensesView", "New expense")
        super().__init__(context, "expenses", title, new, today, expenses_model())
        theme = context.theme
        categories = [(code, category_label(code)) for code in categories_by_name()]
        methods = [(code, method_label(code)) for code in METHODS]
        self.categories = self.add_chip(
            MenuChip(theme, self.tr("Category"), [(None, self.tr("Every category")), *categories])
        )
        self.methods = self.add_chip(
            MenuChip(theme, self.tr("Method"), [(None, self.tr("Every method")), *methods])
        )
        self.form = ExpenseForm(theme, today)
        self.detail = ExpenseDetail(theme, may_write=self.may_write)
        self.set_panel(self.form, self.detail, self.detail.foot)

    def search_hint(self) -> str:
        return self.tr("Search description or notes…")
