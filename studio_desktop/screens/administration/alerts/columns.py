"""What the list of alerts shows of each."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.alerts.queries import AlertRow
from studio_core.errors import StudioError
from studio_desktop.models.columns import Badge, CellKind, Column, Quiet, Tone
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.administration.names import alert_kind_words
from studio_desktop.sentences import retold, sentence_of

_TONES: dict[str, Tone] = {"info": "neutral", "warning": "warning", "danger": "danger"}


def alerts_model(zone: ZoneInfo) -> RowModel[AlertRow]:
    translate = QCoreApplication.translate
    columns = (
        Column[AlertRow](
            translate("AlertColumns", "When"),
            partial(_at, zone),
            CellKind.DATE,
            width=152,
            hide_below=420,
        ),
        Column[AlertRow](translate("AlertColumns", "State"), badges, CellKind.BADGES, width=152),
        Column[AlertRow](translate("AlertColumns", "What"), _kind, CellKind.STRONG, stretch=2),
        Column[AlertRow](
            translate("AlertColumns", "Message"),
            message_words,
            stretch=5,
            hide_below=760,
        ),
        Column[AlertRow](
            translate("AlertColumns", "Times"), _count, CellKind.NUMBER, width=76, hide_below=560
        ),
        Column[AlertRow](
            translate("AlertColumns", "Seen by"), seen_words, stretch=2, hide_below=960
        ),
    )
    return RowModel(columns, _id)


def severity_badge(severity: str) -> Badge:
    translate = QCoreApplication.translate
    words = {
        "info": translate("AlertColumns", "Note"),
        "warning": translate("AlertColumns", "Warning"),
        "danger": translate("AlertColumns", "Serious"),
    }
    return Badge(words.get(severity, severity), _TONES.get(severity, "neutral"))


def badges(row: AlertRow) -> tuple[Badge, ...]:
    if row.seen_at is not None:
        return (severity_badge(row.severity),)
    new = Badge(QCoreApplication.translate("AlertColumns", "New"), "accent")
    return (severity_badge(row.severity), new)


def message_words(row: AlertRow) -> str:
    """In the language of the window, as far as the alert says what it is about."""
    code, params = row.details.get("code"), row.details.get("params")
    if isinstance(code, str) and isinstance(params, dict):
        return sentence_of(StudioError(code, **params))
    return " ".join(retold(row.message).split())


def seen_words(row: AlertRow) -> str | Quiet:
    if row.seen_at is None:
        return Quiet(QCoreApplication.translate("AlertColumns", "Nobody yet"))
    return row.seen_by or "–"


def _id(row: AlertRow) -> int:
    return row.id


def _at(zone: ZoneInfo, row: AlertRow) -> datetime:
    return row.at.astimezone(zone)


def _kind(row: AlertRow) -> str:
    return alert_kind_words(row.kind)


def _count(row: AlertRow) -> int:
    return row.count
