"""The list of months: closed ones, those ready to close, and the one that still runs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QObject

from studio_core.extrato.overview import BookMonth
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.models.columns import Badge, CellKind, Column
from studio_desktop.models.rows import RowModel

translate = QCoreApplication.translate

MONEY_WIDTH = 128


@dataclass(frozen=True)
class MonthRow:
    """closing: it is being closed at this moment. closed_on: in the studio's zone."""

    book: BookMonth
    closing: bool
    closed_on: date | None


def month_rows(
    months: tuple[BookMonth, ...], closing: Month | None, zone: ZoneInfo
) -> tuple[MonthRow, ...]:
    return tuple(
        MonthRow(
            book,
            book.month == closing,
            book.closed_at.astimezone(zone).date() if book.closed_at is not None else None,
        )
        for book in months
    )


def months_model(parent: QObject) -> RowModel[MonthRow]:
    columns: tuple[Column[MonthRow], ...] = (
        Column(translate("MonthsTable", "Month"), _name, CellKind.STRONG, width=160),
        Column(translate("MonthsTable", "State"), badges, CellKind.BADGES),
        Column(
            translate("MonthsTable", "Gross revenue"),
            _gross,
            CellKind.MONEY,
            MONEY_WIDTH,
        ),
        Column(
            translate("MonthsTable", "Commissions"),
            _commissions,
            CellKind.MONEY,
            MONEY_WIDTH,
        ),
        Column(
            translate("MonthsTable", "Expenses"),
            _expenses,
            CellKind.MONEY,
            MONEY_WIDTH,
        ),
        Column(
            translate("MonthsTable", "Net revenue"),
            _net,
            CellKind.MONEY_STRONG,
            MONEY_WIDTH,
        ),
        Column(
            translate("MonthsTable", "Closed on"),
            _closed_on,
            CellKind.DATE,
            width=120,
            hide_below=960,
        ),
    )
    return RowModel(columns, _row_id, parent=parent)


def badges(row: MonthRow) -> tuple[Badge, ...]:
    """Closed, or its version from the second on; what still has to be done stands out."""
    book = row.book
    if row.closing:
        return (Badge(translate("MonthsTable", "Closing…"), "accent"),)
    if book.version is None:
        if not book.over:
            return (Badge(translate("MonthsTable", "Running month")),)
        if book.versions:
            return (Badge(translate("MonthsTable", "Reopened"), "warning"),)
        return (Badge(translate("MonthsTable", "Ready to close"), "warning"),)
    words = translate("MonthsTable", "Closed")
    if book.version > 1:
        words = translate("MonthsTable", "Version {number}")
    closed = Badge(words.replace("{number}", str(book.version)), "success")
    late = Badge(translate("MonthsTable", "Late entries"), "warning")
    return (closed, late) if book.late else (closed,)


def _row_id(row: MonthRow) -> Month:
    return row.book.month


def _name(row: MonthRow) -> str:
    name = formats.month(row.book.month.year, row.book.month.month)
    return name[:1].upper() + name[1:]


def _gross(row: MonthRow) -> Decimal | None:
    return row.book.figures.gross_revenue if row.book.figures else None


def _commissions(row: MonthRow) -> Decimal | None:
    return row.book.figures.commissions if row.book.figures else None


def _expenses(row: MonthRow) -> Decimal | None:
    return row.book.figures.expenses if row.book.figures else None


def _net(row: MonthRow) -> Decimal | None:
    return row.book.figures.net_revenue if row.book.figures else None


def _closed_on(row: MonthRow) -> date | None:
    return row.closed_on
