"""What the list of runs shows of each."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.extrato.run_list import RunRow
from studio_desktop import formats
from studio_desktop.models.columns import Badge, CellKind, Column
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.administration.names import (
    refusal_words,
    run_kind_words,
    run_status_badge,
    run_status_words,
    who_words,
)


def runs_model(zone: ZoneInfo) -> RowModel[RunRow]:
    translate = QCoreApplication.translate
    columns = (
        Column[RunRow](
            translate("RunColumns", "Started"),
            partial(_started, zone),
            CellKind.DATE,
            width=152,
            hide_below=400,
        ),
        Column[RunRow](translate("RunColumns", "Month"), month_words, CellKind.STRONG, stretch=3),
        Column[RunRow](translate("RunColumns", "What"), _kind, width=136, hide_below=640),
        Column[RunRow](translate("RunColumns", "State"), _status, CellKind.BADGES, width=132),
        Column[RunRow](translate("RunColumns", "Who"), run_by_words, stretch=2, hide_below=780),
        Column[RunRow](
            translate("RunColumns", "Message"), _message, CellKind.REMARK, stretch=5, hide_below=920
        ),
        Column[RunRow](
            translate("RunColumns", "Took"), _took, CellKind.QUIET, width=84, hide_below=560
        ),
        Column[RunRow](
            translate("RunColumns", "Batch"), _batch, CellKind.NUMBER, width=84, hide_below=960
        ),
    )
    return RowModel(columns, _id)


def month_words(row: RunRow) -> str:
    name = formats.month(row.month.year, row.month.month)
    return name[:1].upper() + name[1:]


def run_by_words(row: RunRow) -> str:
    return who_words(row.run_by)


def took_words(row: RunRow) -> str:
    if row.finished_at is None:
        return ""
    return formats.duration((row.finished_at - row.started_at).total_seconds())


def progress_percent(row: RunRow) -> int | None:
    """Of the rows to move; None before they begin to."""
    if not row.rows_total or row.stage in ("writing", "begin", "backup"):
        return None
    return row.rows_done * 100 // row.rows_total


def _id(row: RunRow) -> int:
    return row.id


def _started(zone: ZoneInfo, row: RunRow) -> datetime:
    return row.started_at.astimezone(zone)


def _kind(row: RunRow) -> str:
    return run_kind_words(row.kind, forced=row.forced)


def _status(row: RunRow) -> Badge:
    percent = progress_percent(row)
    if row.running and percent is not None:
        return Badge(f"{run_status_words(row.status)} {percent}\N{NO-BREAK SPACE}%", "accent")
    return run_status_badge(row.status)


def _message(row: RunRow) -> str:
    return refusal_words(row.refusal) if row.refusal is not None else ""


def _took(row: RunRow) -> str:
    return took_words(row)


def _batch(row: RunRow) -> int | None:
    return row.batch_size
