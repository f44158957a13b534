"""What the list of clients shows of each."""

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from studio_core.clients.queries import ClientRow
from studio_core.clients.rules import phone_shown
from studio_desktop.models.columns import Badge, CellKind, Column
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.clients.words import TONES, flag_kind_label

translate = QCoreApplication.translate


def clients_model(*, with_total: bool) -> RowModel[ClientRow]:
    """with_total: for who may see what was paid in closed months."""
    columns = [
        Column[ClientRow](
            translate("ClientColumns", "Name"), _name, CellKind.STRONG, stretch=3, order="name"
        ),
        Column[ClientRow](translate("ClientColumns", "Phone"), _phone, CellKind.QUIET, width=152),
        Column[ClientRow](
            translate("ClientColumns", "Last visit"),
            _last_visit,
            CellKind.DATE,
            width=124,
            order="last_visit",
            hide_below=520,
        ),
        Column[ClientRow](
            translate("ClientColumns", "Sessions"),
            _sessions,
            CellKind.NUMBER,
            width=88,
            hide_below=800,
        ),
    ]
    if with_total:
        columns.append(
            Column[ClientRow](
                translate("ClientColumns", "Total"),
                _total,
                CellKind.MONEY_STRONG,
                width=136,
                hide_below=700,
            )
        )
    columns.append(
        Column[ClientRow](translate("ClientColumns", "Flags"), _flags, CellKind.BADGES, width=132)
    )
    return RowModel(columns, _id)


def _id(row: ClientRow) -> int:
    return row.id


def _name(row: ClientRow) -> str:
    return row.shown_name


def _phone(row: ClientRow) -> str:
    return phone_shown(row.phone) if row.phone else ""


def _last_visit(row: ClientRow) -> date | None:
    return row.last_visit


def _sessions(row: ClientRow) -> int:
    return row.sessions


def _total(row: ClientRow) -> Decimal | None:
    return row.total


def _flags(row: ClientRow) -> tuple[Badge, ...]:
    """One badge a kind, in the tone of the most serious; what it is stands in the panel."""
    tones: dict[str, str] = {}
    for flag in row.flags:
        tones.setdefault(flag.kind, flag.severity)
    return tuple(Badge(flag_kind_label(kind), TONES[tone]) for kind, tone in tones.items())
