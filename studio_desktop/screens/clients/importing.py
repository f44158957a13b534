"""Clients from a CSV file: choosing it, looking at what it would bring, importing it."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from studio_core.clients.csv_import import CsvPreview, import_clients_csv, read_clients_csv
from studio_desktop import formats
from studio_desktop.screens.clients.view import ClientsView
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of


class Importing(QObject):
    """imported: new clients are in the list. A try whose answer was lost may be repeated: who is
    here already is not imported again."""

    imported = Signal()

    def __init__(self, view: ClientsView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._page = view, view.importing
        self._runner, self._notifier = context.runner, context.notifier
        self._busy = False
        view.import_wanted.connect(self.choose_file)
        self._page.other_wanted.connect(self.choose_file)
        self._page.import_wanted.connect(self._on_import)

    def is_busy(self) -> bool:
        """True between the press of the button and its answer."""
        return self._busy

    @Slot()
    def choose_file(self) -> None:
        """A form that is open is closed first; it can be brought back."""
        if self._view.shows_form():
            self._view.closing_wanted.emit()
        if self._busy or self._view.shows_form():
            return
        dialog = QFileDialog(self._view, self.tr("Import clients"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Tables as text (*.csv *.txt *.tsv)"), self.tr("All files (*)")]
        )
        dialog.fileSelected.connect(self.look_at)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def look_at(self, chosen: str) -> None:
        """Read a file and show what it would bring."""
        path = Path(chosen)
        self._page.show_reading(path.name)
        self._view.show_import()
        question: Any = partial(read_clients_csv, path)
        self._runner.ask(self, "preview", question, self._on_preview, self._on_refused)

    @Slot(object)
    def _on_preview(self, preview: CsvPreview) -> None:
        self._page.show_preview(preview)

    @Slot()
    def _on_import(self) -> None:
        preview = self._page.preview()
        if preview is None or self._busy:
            return
        self._busy = True
        self._page.notice.hide()
        self._page.set_locked(True)
        action: Any = partial(import_clients_csv, preview=preview, skip_bad=True)
        self._runner.act(self, action, self._on_imported, self._on_refused)

    @Slot(object)
    def _on_imported(self, result: Any) -> None:
        self._busy = False
        if self._view.shows_import():
            self._view.panel.hide()
        number = formats.count(result.imported)
        words = (
            self.tr("1 client imported")
            if result.imported == 1
            else self.tr("{count} clients imported")
        )
        left_out = len(result.left_out)
        rest = self.tr("{count} left out").replace("{count}", formats.count(left_out))
        self._notifier.info(
            formats.summary((words.replace("{count}", number), rest if left_out else ""))
        )
        self.imported.emit()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._busy = False
        self._page.show_problem(sentence_of(error))
