"""What the list of changes shows of each."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.audit.rows import AuditRow
from studio_desktop.models.columns import Badge, CellKind, Column
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.administration.audit.words import (
    action_badge,
    gist_words,
    record_words,
)
from studio_desktop.screens.administration.names import who_words


def audit_model(zone: ZoneInfo) -> RowModel[AuditRow]:
    translate = QCoreApplication.translate
    columns = (
        Column[AuditRow](
            translate("AuditColumns", "When"), partial(_at, zone), CellKind.DATE, width=152
        ),
        Column[AuditRow](translate("AuditColumns", "Who"), person_words, stretch=3),
        Column[AuditRow](translate("AuditColumns", "Action"), _action, CellKind.BADGES, width=112),
        Column[AuditRow](
            translate("AuditColumns", "Record"), record_words, CellKind.STRONG, stretch=3
        ),
        Column[AuditRow](
            translate("AuditColumns", "What"),
            partial(gist_words, zone),
            CellKind.QUIET,
            stretch=5,
            hide_below=620,
        ),
        Column[AuditRow](
            translate("AuditColumns", "Correlation id"),
            _correlation,
            CellKind.QUIET,
            width=136,
            hide_below=900,
        ),
    )
    return RowModel(columns, _id)


def person_words(row: AuditRow) -> str:
    return row.person or who_words(row.login_role)


def _id(row: AuditRow) -> int:
    return row.id


def _at(zone: ZoneInfo, row: AuditRow) -> datetime:
    return row.at.astimezone(zone)


def _action(row: AuditRow) -> Badge:
    return action_badge(row.action)


def _correlation(row: AuditRow) -> str:
    return row.correlation_id or ""
