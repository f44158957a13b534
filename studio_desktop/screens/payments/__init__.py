"""Money received: the list, the form, refunds and voids."""

from functools import partial

from studio_core.months import today
from studio_desktop.screens.payments.controller import PaymentsController
from studio_desktop.screens.payments.view import PaymentsView
from studio_desktop.screens.screen import Screen, ScreenContext


def build(context: ScreenContext) -> Screen:
    day = partial(today, context.zone)
    view = PaymentsView(context, day)
    PaymentsController(view, context, day)
    return view
