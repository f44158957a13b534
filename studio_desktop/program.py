"""Builds the parts of the program in order and hands them to each other."""

import signal
import sys
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QSettings, QTemporaryDir
from PySide6.QtWidgets import QApplication

from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.config import Settings, SettingsFile
from studio_core.errors import ConfigError
from studio_core.observability import correlation, get_logger
from studio_desktop import places
from studio_desktop.application import Application
from studio_desktop.catalogue import screen_entries
from studio_desktop.languages import Languages, system_language
from studio_desktop.places import Place
from studio_desktop.preferences import Preferences
from studio_desktop.shell.focus_ring import FocusRing
from studio_desktop.shell.window import Window
from studio_desktop.tasks.collector import Collector
from studio_desktop.tasks.slow_queries import SlowQueries
from studio_desktop.tasks.worker import Bug
from studio_desktop.theme.theme import Theme, as_mode
from studio_desktop.widgets.notifier import Notifier

log = get_logger(__name__)


class Program:
    """Everything that exists once.

    settings: as they were read from settings_file, which is looked at while the program runs.
    language, theme: of the command line, for this run only. remembers: False for a run that must
    not change what the person likes, such as the tour.
    """

    def __init__(
        self,
        language: str | None,
        theme: str | None,
        settings: Settings,
        settings_file: SettingsFile,
        *,
        remembers: bool = True,
    ) -> None:
        app = QApplication(sys.argv[:1])
        app.setApplicationName("studio-desktop")
        app.setApplicationDisplayName("Tattoo Studio")
        self.app = app
        self.collector = Collector(app)
        self._scratch = QTemporaryDir()
        kept = None if remembers else f"{self._scratch.path()}/preferences.ini"
        self.preferences = Preferences(
            QSettings(kept, QSettings.Format.IniFormat) if kept is not None else None
        )
        self.languages = Languages(app)
        self.languages.use(language or self.preferences.language or system_language())
        self.theme = Theme(app, as_mode(theme) if theme else self.preferences.theme)
        self.ring = FocusRing(app, self.theme)
        self.notifier = Notifier(self.theme)
        self.window = Window(self.theme)
        self.notifier.attach(self.window)
        self.slow_queries = SlowQueries(
            SlowQueryReporter(settings_file, settings, program="studio-desktop"), app
        )
        self.application = Application(
            self.window,
            self.theme,
            self.languages,
            self.preferences,
            self.notifier,
            screen_entries,
            settings,
            self.slow_queries,
        )

    def run(self, *, demo: bool) -> int:
        """Until the window is closed."""
        geometry = self.preferences.geometry
        if geometry is None or not self.window.restoreGeometry(geometry):
            self.window.resize(1440, 900)
        self.window.show()
        self.slow_queries.start()
        # Python hears a signal when it next runs, which the collector's timer sees to.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        try:
            place = Place("demo") if demo else places.known_place()
        except ConfigError as error:
            self.application.show_first_start()
            self.notifier.error(error)
        else:
            self.application.start(place)
        return self.app.exec()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Ctrl+C, or the system going down: let go of everything, the server included."""
        self.window.close()
        self.app.exit(128 + number)

    def report_bug(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """For sys.excepthook: an exception in a slot would otherwise only be printed.

        It is logged with its traceback and shown; Ctrl+C ends the program as ever.
        """
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        with correlation() as correlation_id:
            log.error("unforeseen_error", exc_info=(kind, error, trace))
        self.notifier.bug(Bug(correlation_id, error))

    def tour(self, folder: Path) -> int:
        """Pictures of every screen, in both themes and languages."""
        from studio_desktop.tour import Tour

        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            sys.stderr.write(f"Cannot write to {folder}: {error.strerror}\n")
            return 2
        tour = Tour(self.application, folder, sys.stdout)
        tour.start()
        return self.app.exec()
