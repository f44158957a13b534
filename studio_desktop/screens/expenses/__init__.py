"""Money spent: the list, the form, corrections and voids."""

from functools import partial

from studio_core.months import today
from studio_desktop.screens.expenses.controller import ExpensesController
from studio_desktop.screens.expenses.view import ExpensesView
from studio_desktop.screens.screen import Screen, ScreenContext


def build(context: ScreenContext) -> Screen:
    day = partial(today, context.zone)
    view = ExpensesView(context, day)
    ExpensesController(view, context, day)
    return view
