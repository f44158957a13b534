"""What the list of backups shows of each."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.extrato.backup_list import BackupLine
from studio_desktop import formats
from studio_desktop.models.columns import Badge, CellKind, Column, Quiet
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.administration.names import server_words


def backups_model(zone: ZoneInfo) -> RowModel[BackupLine]:
    translate = QCoreApplication.translate
    columns = (
        Column[BackupLine](
            translate("BackupColumns", "Made"), partial(_made, zone), CellKind.DATE, width=152
        ),
        Column[BackupLine](translate("BackupColumns", "Of"), of_words, CellKind.STRONG, stretch=3),
        Column[BackupLine](
            translate("BackupColumns", "State"), state_badges, CellKind.BADGES, width=208
        ),
        Column[BackupLine](
            translate("BackupColumns", "Made by"), made_by_words, stretch=2, hide_below=860
        ),
        Column[BackupLine](
            translate("BackupColumns", "File"), _file, CellKind.QUIET, stretch=5, hide_below=820
        ),
        Column[BackupLine](
            translate("BackupColumns", "Size"), _size, CellKind.QUIET, width=96, hide_below=400
        ),
    )
    return RowModel(columns, _key, _is_removed)


def of_words(line: BackupLine) -> str:
    if line.month is None:
        return QCoreApplication.translate("BackupColumns", "Everything")
    name = formats.month(line.month.year, line.month.month)
    return name[:1].upper() + name[1:]


def backup_words(line: BackupLine) -> str:
    """Within a sentence: months are written small in Portuguese."""
    if line.month is None:
        return of_words(line).lower()
    return formats.month(line.month.year, line.month.month)


def made_by_words(line: BackupLine) -> str | Quiet:
    if line.made_by is None:
        return server_words()
    return line.made_by


def state_badges(line: BackupLine) -> tuple[Badge, ...]:
    """What is wrong comes first."""
    translate = QCoreApplication.translate
    badges = []
    if line.removed_at is not None:
        badges.append(Badge(translate("BackupColumns", "Removed")))
    elif line.present is False:
        badges.append(Badge(translate("BackupColumns", "File is gone"), "danger"))
    if line.drill_message is not None:
        badges.append(Badge(translate("BackupColumns", "Trial failed"), "danger"))
    elif line.drilled_at is not None:
        badges.append(Badge(translate("BackupColumns", "Tried"), "success"))
    if line.copied_at is not None:
        badges.append(Badge(translate("BackupColumns", "Copied"), "success"))
    if line.version is not None:
        words = translate("BackupColumns", "Checked")
        badges.append(Badge(words, "success"))
    return tuple(badges)


def _key(line: BackupLine) -> int:
    return line.key


def _is_removed(line: BackupLine) -> bool:
    return line.removed_at is not None


def _made(zone: ZoneInfo, line: BackupLine) -> datetime:
    return line.created_at.astimezone(zone)


def _file(line: BackupLine) -> str:
    return line.file_name


def _size(line: BackupLine) -> str:
    return formats.size(line.file_bytes)
