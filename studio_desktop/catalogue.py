"""Every screen of the program, in the order of the rail. The composition root hands it over.

A screen is imported when it is first opened, so that the window is there at once.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio_desktop.screens.screen import (
    DESK,
    EVERYONE,
    OFFICE,
    OWNERS,
    Attention,
    Screen,
    ScreenContext,
    ScreenEntry,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def screen_entries() -> tuple[ScreenEntry, ...]:
    """Titles in the language in force; call it anew after a change of language."""
    translate = QCoreApplication.translate
    entries = (
        ScreenEntry(
            "clients", translate("Catalogue", "Clients"), "clients", "desk", EVERYONE, _clients
        ),
        ScreenEntry(
            "payments", translate("Catalogue", "Payments"), "payments", "money", EVERYONE, _payments
        ),
        ScreenEntry(
            "expenses", translate("Catalogue", "Expenses"), "expenses", "money", DESK, _expenses
        ),
        ScreenEntry(
            "history", translate("Catalogue", "History"), "history", "money", OFFICE, _history
        ),
        ScreenEntry(
            "extratos", translate("Catalogue", "Extratos"), "extratos", "money", OFFICE, _extratos
        ),
        ScreenEntry("team", translate("Catalogue", "Team"), "team", "studio", OFFICE, _team),
        ScreenEntry(
            "administration",
            translate("Catalogue", "Administration"),
            "shield",
            "studio",
            OWNERS,
            _administration,
            Attention(_unseen_alerts, frozenset({"alerts"})),
        ),
    )
    return tuple(one for one in entries if _exists(one.key))


def _exists(key: str) -> bool:
    """Whether this build of the program brings the screen; an empty folder is none."""
    spec = find_spec(f"studio_desktop.screens.{key}")
    return spec is not None and spec.origin is not None


def _clients(context: ScreenContext) -> Screen:
    from studio_desktop.screens.clients import build

    return build(context)


def _payments(context: ScreenContext) -> Screen:
    from studio_desktop.screens.payments import build

    return build(context)


def _expenses(context: ScreenContext) -> Screen:
    from studio_desktop.screens.expenses import build

    return build(context)


def _history(context: ScreenContext) -> Screen:
    from studio_desktop.screens.history import build

    return build(context)


def _extratos(context: ScreenContext) -> Screen:
    from studio_desktop.screens.extratos import build

    return build(context)


def _team(context: ScreenContext) -> Screen:
    from studio_desktop.screens.team import build

    return build(context)


def _administration(context: ScreenContext) -> Screen:
    from studio_desktop.screens.administration import build

    return build(context)


def _unseen_alerts(session: "Session") -> int:
    from studio_core.alerts.queries import count_unseen

    return count_unseen(session)
