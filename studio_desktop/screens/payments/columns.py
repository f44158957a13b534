"""What the list of payments shows of each."""

from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from studio_core.ledger.queries import PaymentRow
from studio_desktop.labels import kind_label, method_label, void_reason_label, walk_in_label
from studio_desktop.models.columns import Badge, CellKind, Column, Dotted, Quiet
from studio_desktop.models.rows import RowModel


def payments_model() -> RowModel[PaymentRow]:
    translate = QCoreApplication.translate
    columns = (
        Column[PaymentRow](
            translate("PaymentColumns", "Date"), _day, CellKind.DATE, width=112, order="date"
        ),
        Column[PaymentRow](
            translate("PaymentColumns", "Client"),
            client_words,
            CellKind.STRONG,
            stretch=4,
            order="client",
        ),
        Column[PaymentRow](
            translate("PaymentColumns", "Artist"),
            _artist,
            CellKind.DOT,
            stretch=3,
            order="artist",
            hide_below=640,
        ),
        Column[PaymentRow](
            translate("PaymentColumns", "Method"),
            method_badges,
            CellKind.BADGES,
            width=168,
            hide_below=560,
        ),
        Column[PaymentRow](
            translate("PaymentColumns", "Notes"), remark, CellKind.REMARK, stretch=4, hide_below=960
        ),
        Column[PaymentRow](
            translate("PaymentColumns", "Tip"), _tip, CellKind.MONEY, width=104, hide_below=840
        ),
        Column[PaymentRow](
            translate("PaymentColumns", "Amount"),
            _amount,
            CellKind.MONEY_STRONG,
            width=128,
            order="amount",
        ),
    )
    return RowModel(columns, _id, _is_voided)


def client_words(row: PaymentRow) -> str | Quiet:
    return row.client_name or Quiet(walk_in_label())


def method_badges(row: PaymentRow) -> tuple[Badge, ...]:
    """How it was paid; what it is, where it is not a plain sale."""
    badges = [Badge(method_label(row.method))]
    if row.kind == "refund":
        badges.append(Badge(kind_label(row.kind), "danger"))
    elif row.kind != "sale":
        badges.append(Badge(kind_label(row.kind), "accent"))
    return tuple(badges)


def remark(row: PaymentRow) -> str:
    """The notes on one line; of a voided payment why it is."""
    if row.voided_at is not None:
        words = QCoreApplication.translate("PaymentColumns", "Voided: {reason}")
        return words.replace("{reason}", void_reason_label(row.void_reason or ""))
    return " ".join((row.notes or "").split())


def _id(row: PaymentRow) -> int:
    return row.id


def _is_voided(row: PaymentRow) -> bool:
    return row.voided_at is not None


def _day(row: PaymentRow) -> object:
    return row.paid_on


def _artist(row: PaymentRow) -> Dotted:
    return Dotted(row.artist_name, row.artist_colour)


def _tip(row: PaymentRow) -> Decimal:
    return row.tip_amount


def _amount(row: PaymentRow) -> Decimal:
    return row.amount
