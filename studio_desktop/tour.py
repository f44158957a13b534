"""The tour: a picture of every screen with demo data, in both themes and both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from studio_core.errors import RuleError, StudioError
from studio_core.people.queries import Person
from studio_desktop.application import Application
from studio_desktop.languages import LANGUAGES
from studio_desktop.places import Place
from studio_desktop.screens.screen import TourStop
from studio_desktop.sentences import sentence_of
from studio_desktop.shell.workspace import Workspace
from studio_desktop.signin.password_page import PasswordPage
from studio_desktop.signin.view import SignInPage
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Mode

SIZE = QSize(1440, 900)
THEMES: tuple[Mode, ...] = ("light", "dark")
SETTLE_MS = 60
ROUNDS = 3
"""On a slow computer a timer runs ahead of what waits to be shown and laid out; each round lets
that go first."""
PATIENCE_MS = 60_000
PERSON = Person(0, "Helena Prado", "owner", False, "helena@estudio.example")
_SERVER = "studio.example"


class Tour(QObject):
    """Walks through the program as a person would and photographs each stop.

    A stop is photographed when nothing is under way any more; file names are
    <number>_<stop>_<theme>_<language>.png.
    """

    def __init__(self, application: Application, folder: Path, out: TextIO) -> None:
        super().__init__(application)
        self._application, self._folder, self._out = application, folder, out
        self._walk: Iterator[str] | None = None
        self._taken = 0
        self._name = ""
        self._watched: Runner | None = None
        self._over = False
        self._rounds = 0
        self._language, self._mode = "en", "light"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._on_settled)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_too_long)
        application.page_shown.connect(self._on_page_shown)
        application.notifier.bug_shown.connect(self._on_failed)

    def start(self) -> None:
        self._application.window.setFixedSize(SIZE)
        self._application.window.show()
        self._application.opening_failed.connect(self._on_failed)
        self._application.start(Place("demo"))

    @Slot(str)
    def _on_page_shown(self, name: str) -> None:
        if name == "workspace" and self._walk is None:
            self._walk = self._stops()
            self._next()

    @Slot()
    def _on_too_long(self) -> None:
        self._out.write(f"The tour got stuck at {self._name or 'the start'}.\n")
        self._end(1)

    @Slot(object)
    def _on_failed(self, error: Any) -> None:
        words = sentence_of(error) if isinstance(error, StudioError) else str(error)
        self._out.write(f"The tour stops: {words}\n")
        self._end(1)

    def _end(self, code: int) -> None:
        """Closing the window gives the demo's server back."""
        self._over = True
        self._timer.stop()
        self._patience.stop()
        self._application.window.close()
        QApplication.exit(code)

    def _stops(self) -> Iterator[str]:
        """Brings about one state after the other and names it."""
        for language in LANGUAGES:
            self._language = language
            self._application.use_language(language)
            yield from self._in_themes(self._screens)
        for language in LANGUAGES:
            self._language = language
            self._application.languages.use(language)
            yield from self._in_themes(self._outside)

    def _in_themes(self, walk: "Callable[[], Iterator[str]]") -> Iterator[str]:
        for mode in THEMES:
            self._mode = mode
            self._application.theme.set_mode(mode)
            yield from walk()

    def _screens(self) -> Iterator[str]:
        workspace = self._workspace()
        for key in workspace.keys:
            screen = workspace.show_screen(key)
            yield key
            for stop in screen.tour_stops() if screen is not None else ():
                yield from self._stop(key, stop)

    def _stop(self, key: str, stop: TourStop) -> Iterator[str]:
        stop.enter()
        yield f"{key}_{stop.name}"
        stop.leave()

    def _outside(self) -> Iterator[str]:
        self._application.show_sign_in()
        yield "sign_in"
        yield from self._with_google()
        page = self._application.show_first_start()
        yield "first_start"
        page.show_server()
        yield "first_start_server"

    def _with_google(self) -> Iterator[str]:
        """The demo has no server; these are the pages of a studio that has."""
        theme, window = self._application.theme, self._application.window
        page = SignInPage(theme, PERSON.email, google=True)
        page.light.show_words(_SERVER, "success")
        window.show_page(page)
        yield "sign_in_google"
        page.show_error(RuleError("google_not_admitted"))
        yield "sign_in_refused"
        page.show_google_page("", opened=True)
        yield "sign_in_waiting"
        page = SignInPage(theme, PERSON.email, google=True, again=True)
        page.light.show_words(_SERVER, "success")
        window.show_page(page)
        yield "sign_in_again"
        window.show_page(PasswordPage(theme, PERSON, one_time=True))
        yield "password"

    def _workspace(self) -> Workspace:
        page = self._application.window.page()
        return page if isinstance(page, Workspace) else self._application.show_workspace()

    # Walking

    def _next(self) -> None:
        assert self._walk is not None, "the walk begins with the workspace"
        name = next(self._walk, None)
        if name is None:
            self._out.write(f"{self._taken} pictures in {self._folder}\n")
            self._end(0)
            return
        self._name = name
        self._patience.start()
        self._wait()

    def _wait(self) -> None:
        """Photograph once nothing is under way; layouts and animations get a moment as well, and
        another one whenever an answer came meanwhile."""
        desk = self._application.desk
        if desk is not None and desk.runner is not self._watched:
            self._watched = desk.runner
            self._watched.idle.connect(self._on_idle)
        if desk is not None and desk.runner.pending:
            return
        if self._application.pending:
            self._application.idle.connect(self._on_idle, Qt.ConnectionType.SingleShotConnection)
        else:
            self._timer.start()

    @Slot()
    def _on_idle(self) -> None:
        if not self._over:
            self._wait()

    @Slot()
    def _on_settled(self) -> None:
        desk = self._application.desk
        if desk is not None and desk.runner.pending:
            self._wait()
            return
        self._rounds = ROUNDS
        self._on_round()

    @Slot()
    def _on_round(self) -> None:
        if self._rounds:
            self._rounds -= 1
            QTimer.singleShot(0, self._on_round)
            return
        if self._timer.isActive():
            return  # An answer came in between.
        self._application.notifier.clear()
        self._take()
        self._next()

    def _take(self) -> None:
        window = self._application.window
        picture = window.grab()
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog is not window:
            _lay_over(picture, window, dialog)
        self._taken += 1
        name = f"{self._taken:02d}_{self._name}_{self._mode}_{self._language}.png"
        path = self._folder / name
        if not picture.save(str(path)):
            self._out.write(f"cannot write {path}\n")
        else:
            self._out.write(f"{name}\n")


def _lay_over(picture: Any, window: QWidget, dialog: QWidget) -> None:
    """A dialog is a window of its own; paint it where it stands, with its frame's hairline."""
    from PySide6.QtGui import QPainter

    painter = QPainter(picture)
    left = (window.width() - dialog.width()) // 2
    top = (window.height() - dialog.height()) // 2
    painter.drawPixmap(left, top, dialog.grab())
    painter.setPen(dialog.palette().mid().color())
    painter.drawRect(left - 1, top - 1, dialog.width() + 1, dialog.height() + 1)
    painter.end()
