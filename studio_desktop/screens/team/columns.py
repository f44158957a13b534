"""What the list of the team shows of each person."""

from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from studio_core.people.queries import PersonRow
from studio_desktop.labels import access_label
from studio_desktop.models.columns import Badge, CellKind, Column, Dotted, Quiet
from studio_desktop.models.rows import RowModel
from studio_desktop.screens.team.words import access_badge, state_badge

translate = QCoreApplication.translate


def team_model() -> RowModel[PersonRow]:
    columns = (
        Column[PersonRow](translate("TeamColumns", "Name"), _name, CellKind.DOT, stretch=3),
        Column[PersonRow](translate("TeamColumns", "Access"), _badges, CellKind.BADGES, width=184),
        Column[PersonRow](
            translate("TeamColumns", "E-mail"), _email, CellKind.QUIET, stretch=3, hide_below=620
        ),
        Column[PersonRow](
            translate("TeamColumns", "Commission"), _commission, CellKind.PERCENT, width=116
        ),
    )
    return RowModel(columns, _id, _is_gone)


def _id(row: PersonRow) -> int:
    return row.id


def _is_gone(row: PersonRow) -> bool:
    return not row.active


def _name(row: PersonRow) -> Dotted:
    return Dotted(row.name, row.colour if row.is_artist else None)


def _badges(row: PersonRow) -> tuple[Badge, ...] | Quiet:
    found = (access_badge(row.access), state_badge(row))
    return tuple(badge for badge in found if badge is not None) or Quiet(access_label(None))


def _email(row: PersonRow) -> str:
    return row.email or ""


def _commission(row: PersonRow) -> Decimal | None:
    """Only artists have one; zero of somebody at the desk would say something untrue."""
    return row.commission_percent if row.is_artist else None
