"""Extratos: the closed months, closing those that are over, and opening one again."""

from studio_desktop.screens.extratos.controller import ExtratosController
from studio_desktop.screens.extratos.view import ExtratosView
from studio_desktop.screens.screen import OWNERS, Screen, ScreenContext


def build(context: ScreenContext) -> Screen:
    view = ExtratosView(context.theme, context.zone, can_close=context.person.access in OWNERS)
    ExtratosController(view, context)
    return view
