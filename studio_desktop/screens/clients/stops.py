"""States of the screen that the tour photographs besides the list."""

from studio_desktop.screens.clients.controller import ClientsController
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.screen import TourStop


class _Visit:
    """Opens and closes things as a person would."""

    def __init__(self, view: ClientsView, controller: ClientsController) -> None:
        self._view, self._controller = view, controller

    def open_detail(self) -> None:
        """The client with the most to show of those in sight."""
        rows = self._view.model.rows[:20]
        if rows:
            row = max(rows, key=lambda one: (bool(one.flags), one.sessions))
            self._view.table.choose(row.id)
            self._controller.open(row)

    def open_form(self) -> None:
        """With a mistake in it."""
        self._controller.writing.open_new()
        self._view.form.put("name", "Beatriz Nóbrega")
        self._view.form.put("phone", "(11) 9881")
        self._view.form.show_all()

    def find_nobody(self) -> None:
        self._view.search_changed.emit("zzzz")

    def find_all(self) -> None:
        self._view.search_changed.emit("")

    def close(self) -> None:
        self._view.go_back()


def stops_of(view: ClientsView, controller: ClientsController) -> tuple[TourStop, ...]:
    visit = _Visit(view, controller)
    stops = [TourStop("detail", visit.open_detail, visit.close)]
    if view.may_write:
        stops.append(TourStop("form", visit.open_form, visit.close))
    stops.append(TourStop("nobody", visit.find_nobody, visit.find_all))
    return tuple(stops)
