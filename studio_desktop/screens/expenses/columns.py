"""What the list of expenses shows of each."""

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from studio_core.ledger.queries import ExpenseRow
from studio_desktop.labels import category_label, method_label, void_reason_label
from studio_desktop.models.columns import Badge, CellKind, Column
from studio_desktop.models.rows import RowModel


def expenses_model() -> RowModel[ExpenseRow]:
    translate = QCoreApplication.translate
    columns = (
        Column[ExpenseRow](
            translate("ExpenseColumns", "Date"), _day, CellKind.DATE, width=112, order="date"
        ),
        Column[ExpenseRow](
            translate("ExpenseColumns", "Description"), _description, CellKind.STRONG, stretch=5
        ),
        Column[ExpenseRow](
            translate("ExpenseColumns", "Category"),
            _category,
            CellKind.BADGES,
            width=164,
            order="category",
            hide_below=520,
        ),
        Column[ExpenseRow](
            translate("ExpenseColumns", "Method"),
            _method,
            CellKind.QUIET,
            width=120,
            hide_below=640,
        ),
        Column[ExpenseRow](
            translate("ExpenseColumns", "Notes"), remark, CellKind.REMARK, stretch=4, hide_below=840
        ),
        Column[ExpenseRow](
            translate("ExpenseColumns", "Amount"),
            _amount,
            CellKind.MONEY_STRONG,
            width=128,
            order="amount",
        ),
    )
    return RowModel(columns, _id, _is_voided)


def remark(row: ExpenseRow) -> str:
    """The notes on one line; of a voided expense why it is."""
    if row.voided_at is not None:
        words = QCoreApplication.translate("ExpenseColumns", "Voided: {reason}")
        return words.replace("{reason}", void_reason_label(row.void_reason or ""))
    return " ".join((row.notes or "").split())


def _id(row: ExpenseRow) -> int:
    return row.id


def _is_voided(row: ExpenseRow) -> bool:
    return row.voided_at is not None


def _day(row: ExpenseRow) -> date:
    return row.spent_on


def _description(row: ExpenseRow) -> str:
    return row.description


def _category(row: ExpenseRow) -> Badge:
    return Badge(category_label(row.category))


def _method(row: ExpenseRow) -> str:
    return method_label(row.method)


def _amount(row: ExpenseRow) -> Decimal:
    return row.amount
