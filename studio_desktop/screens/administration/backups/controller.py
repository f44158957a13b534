"""Reads what is on record of backups; on this computer also whether the files are there."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from studio_core.extrato.backup_list import BackupLine, backups_overview, page_of_backups
from studio_core.extrato.health_reports import Report, recent_reports
from studio_desktop.screens.administration.backups.columns import backup_words
from studio_desktop.screens.administration.backups.view import BackupsSection
from studio_desktop.screens.administration.listing import ListController
from studio_desktop.screens.screen import ScreenContext


class BackupsController(ListController):
    """Where a server keeps them, its last look at the studio's health says where."""

    tables = frozenset({"backups", "full_backups", "extratos", "health_reports"})

    def __init__(self, section: BackupsSection, context: ScreenContext) -> None:
        super().__init__(section, context)
        self._section = section
        own = context.closing_server is None
        self._directory = context.settings.backup_dir if own else None
        self._where = str(self._directory) if self._directory is not None else ""
        section.detail.copied.connect(self._on_copied)

    def page(self) -> Callable[..., Any]:
        kind: Any = self._section.chips.value()
        return partial(page_of_backups, kind=kind, directory=self._directory)

    def nothing_words(self) -> tuple[str, str | None]:
        if self._section.chips.value() == "full":
            words = self.tr(
                "There is no backup of everything yet. studio-jobs serve makes one every day."
            )
            return words, None
        return self.tr("There is no backup yet. Each closing begins with one."), None

    def read(self) -> None:
        super().read()
        ask = self.runner.ask
        ask(self, "overview", backups_overview, self._on_overview, self.on_not_answered)
        if self._directory is None:
            newest = partial(recent_reports, limit=1)
            ask(self, "where", newest, self._on_reports, self.on_not_answered)
        else:
            self._say_where()

    def row_shown(self) -> BackupLine | None:
        section = self._section
        return section.detail.row() if section.shows(section.detail) else None

    def show_row(self, row: BackupLine) -> None:
        self._section.detail.show_row(row, self._where)
        words = self.tr("Backup of {what}").replace("{what}", backup_words(row))
        self._section.show_detail(words)

    def _say_where(self) -> None:
        words = self.tr("Kept in {folder}").replace("{folder}", self._where)
        self.section.set_summary(words if self._where else "")

    @Slot(object)
    def _on_overview(self, found: Any) -> None:
        self._section.show_overview(found, datetime.now(UTC))

    @Slot(object)
    def _on_reports(self, reports: Any) -> None:
        """reports: the newest Report, if there is one."""
        folder = _backup_folder(reports[0]) if reports else None
        if folder is not None:
            on = self.tr("{folder} on {computer}").replace("{folder}", folder)
            self._where = on.replace("{computer}", reports[0].looked_on or "–")
        self._say_where()

    @Slot()
    def _on_copied(self) -> None:
        self.context.notifier.info(self.tr("Copied."))


def _backup_folder(report: Report) -> str | None:
    for condition in report.of_subject("disk"):
        if condition.params.get("setting") == "BACKUP_DIR":
            return str(condition.params.get("folder"))
    return None
