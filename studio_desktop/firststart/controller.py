"""Opens, or looks for, the studio that was chosen, and remembers the choice."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.db.engine import normalise_url
from studio_core.errors import StudioError
from studio_desktop import places
from studio_desktop.firststart.view import FirstStartPage
from studio_desktop.places import Place
from studio_desktop.signin.local import NewStudio, open_place
from studio_desktop.signin.probe import probe
from studio_desktop.tasks.worker import Workers


class FirstStartController(QObject):
    """chosen(Place): a server. opened(OpenedPlace): the demo, or this computer's own studio."""

    chosen = Signal(object)
    opened = Signal(object)
    _progressed = Signal(str, int, int)

    def __init__(self, page: FirstStartPage, workers: Workers, backup_dir: Path) -> None:
        super().__init__(page)
        self._page, self._workers, self._backup_dir = page, workers, backup_dir
        self._place = Place("demo")
        page.demo_wanted.connect(self._on_demo)
        page.local_wanted.connect(self._on_local)
        page.server_wanted.connect(self._on_server)
        page.test_wanted.connect(self._on_test)
        self._progressed.connect(page.show_stage)

    @Slot()
    def _on_demo(self) -> None:
        self._place = Place("demo")
        self._page.set_busy(self.tr("Preparing the demo studio"))
        self._open(None)

    @Slot(str, str, str, str)
    def _on_local(self, studio: str, name: str, email: str, password: str) -> None:
        self._place = Place("local")
        self._page.set_busy(self.tr("Setting up your studio"))
        self._open(NewStudio(studio, name, email, password))

    def _open(self, new_studio: NewStudio | None) -> None:
        work = partial(open_place, self._place, self._backup_dir, new_studio, self._progressed.emit)
        self._workers.start(work, self._on_opened, self._on_refused)

    @Slot(str, str)
    def _on_server(self, host: str, database: str) -> None:
        try:
            place = _server(host, database)
            places.remember(place)
        except StudioError as error:
            self._page.show_error(error)
            return
        self.chosen.emit(place)

    @Slot(str, str)
    def _on_test(self, host: str, database: str) -> None:
        try:
            address = normalise_url(_server(host, database).database_url or "")
        except StudioError as error:
            self._on_missing(error)
            return
        self._workers.start(
            partial(probe, address), self._on_found, self._on_missing, topic="probe"
        )

    @Slot(object)
    def _on_found(self, host: Any) -> None:
        self._page.server.test.setEnabled(True)
        words = self.tr("{host} answers. Continue to sign in.").replace("{host}", str(host))
        self._page.server.show_answer(words, good=True)

    @Slot(object)
    def _on_missing(self, error: Any) -> None:
        self._page.server.test.setEnabled(True)
        self._page.show_error(error)

    @Slot(object)
    def _on_opened(self, opened: Any) -> None:
        try:
            places.remember(self._place)
        except StudioError as error:
            # The studio is open; only the next start will ask again.
            self._page.show_error(error)
        self.opened.emit(opened)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._page.show_error(error)


def _server(host: str, database: str) -> Place:
    """A whole address may be typed in place of the host's name."""
    if "://" in host:
        return Place("server", places.without_credentials(host))
    return Place("server", places.without_credentials(f"postgresql://{host}/{database}"))
