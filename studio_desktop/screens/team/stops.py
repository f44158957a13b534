"""States of the screen that the tour photographs besides the list."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from studio_desktop.screens.screen import TourStop
from studio_desktop.screens.team.one_time import OneTimePasswordDialog
from studio_desktop.screens.team.view import RIGHTS, WORKING

if TYPE_CHECKING:
    from studio_desktop.screens.team.controller import TeamController
    from studio_desktop.screens.team.view import TeamView


def stops_of(view: "TeamView", controller: "TeamController") -> tuple[TourStop, ...]:
    """An artist; for an owner also the form and a one-time password."""
    stops = [
        TourStop("person", partial(_open_artist, view), view.closing_wanted.emit),
        TourStop("rights", partial(view.who.choose, RIGHTS), partial(view.who.choose, WORKING)),
    ]
    if view.may_write:
        writing = controller.writing
        stops.append(TourStop("form", partial(_show_errors, view, controller), writing.close))
        stops.append(TourStop("password", partial(_pretend, view), partial(_close, view)))
    return tuple(stops)


def _open_artist(view: "TeamView") -> None:
    artist = next((row for row in view.model.rows if row.is_artist and row.access), None)
    if artist is not None:
        view.table.choose(artist.id)
        view.table.row_opened.emit(artist)


def _show_errors(view: "TeamView", controller: "TeamController") -> None:
    """As for a picture: somebody saved too early."""
    controller.writing.open_new()
    view.form.access.choose("artist")
    view.form.show_all()


def _pretend(view: "TeamView") -> None:
    """No login is touched for a picture."""
    until = datetime.now(UTC) + timedelta(days=1)
    name = next((row.name for row in view.model.rows if row.is_artist), "")
    OneTimePasswordDialog(view.theme, view, name, "k7mp-x2ra-9fhd-w4tz", until).open()


def _close(view: "TeamView") -> None:
    for dialog in view.findChildren(OneTimePasswordDialog):
        dialog.accept()
