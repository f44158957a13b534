"""One backup to look at, in the side panel."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.extrato.backup_list import BackupLine
from studio_desktop import formats
from studio_desktop.models.columns import text_of
from studio_desktop.screens.administration.backups.columns import (
    made_by_words,
    state_badges,
)
from studio_desktop.screens.administration.copied import CopyLine
from studio_desktop.sentences import retold
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.notice import Notice


class BackupDetail(QWidget):
    """copied: the file's name or the folder is in the clipboard."""

    copied = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._line: BackupLine | None = None
        self._badges = QHBoxLayout()
        self._badges.setSpacing(8)
        self._notice = Notice(theme)
        self._facts = Facts()
        self.file = CopyLine(theme, self.tr("File"), self.tr("Copy the file's name"))
        self.where = CopyLine(theme, self.tr("Where"), self.tr("Copy the folder"))
        for each in (self.file, self.where):
            each.copied.connect(self.copied)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(12)
        column.addLayout(self._badges)
        column.addWidget(self._notice)
        column.addWidget(self._facts)
        column.addWidget(self.file)
        column.addWidget(self.where)
        column.addStretch(1)

    def row(self) -> BackupLine | None:
        return self._line

    def show_row(self, line: BackupLine, where: str) -> None:
        """where: the folder of the backups, as far as it is known."""
        self._line = line
        self._show_badges(line)
        self._show_trouble(line)
        checked = self.tr("version {number} of its extrato").replace("{number}", str(line.version))
        self._facts.show_facts(
            (
                (self.tr("Made"), self._moment(line.created_at)),
                (self.tr("Made by"), text_of(made_by_words(line))),
                (self.tr("Size"), formats.size(line.file_bytes)),
                (self.tr("Checked for"), checked if line.version is not None else ""),
                (self.tr("Copied"), self._moment(line.copied_at)),
                (self.tr("Trial restore"), self._moment(line.drilled_at)),
                (self.tr("Removed"), self._moment(line.removed_at)),
            )
        )
        self.file.show_value(line.file_name)
        self.where.show_value(where)

    def trouble(self) -> str:
        """What is wrong with it, or worth knowing."""
        return "" if self._notice.isHidden() else self._notice.text()

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def _show_badges(self, line: BackupLine) -> None:
        while (item := self._badges.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for badge in state_badges(line):
            self._badges.addWidget(BadgeLabel(self._theme, badge.text, badge.tone))
        self._badges.addStretch(1)

    def _show_trouble(self, line: BackupLine) -> None:
        if line.drill_message is not None:
            words = self.tr("It could not be restored: {reason}")
            reason = retold(line.drill_message)
            self._notice.say(words.replace("{reason}", reason), "danger")
        elif line.present is False and line.removed_at is None:
            self._notice.say(self.tr("Its file is not in the folder of the backups."), "danger")
        elif line.kind == "month" and line.version is None:
            self._notice.say(self.tr("No closing has used it."), "neutral")
        else:
            self._notice.hide()

    def _moment(self, at: datetime | None) -> str:
        return formats.day_and_time(at.astimezone(self._zone)) if at is not None else ""
