"""The tables of a statement as lines: words, amounts and a total."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QCoreApplication

from studio_core.extrato.queries import Statement
from studio_desktop.labels import category_label, method_label

translate = QCoreApplication.translate

OTHERS, TOTAL, NOTHING = "others", "total", "nothing"


@dataclass(frozen=True)
class StatementLine:
    """kind: "" for a line of the books, or OTHERS, TOTAL, NOTHING. key: an artist's name or a code.

    amounts: in BRL, one a column; None leaves the cell empty.
    """

    key: str
    words: str
    amounts: tuple[Decimal | None, ...]
    kind: str = ""


def artist_lines(statement: Statement) -> tuple[StatementLine, ...]:
    """Revenue and commission by artist; what the artists without commission took in as one line."""
    totals = statement.totals
    lines = [
        StatementLine(
            line["artist"],
            line["artist"],
            (Decimal(line["revenue"]), Decimal(line["commission"])),
        )
        for line in totals["by_artist"]
    ]
    whole = (Decimal(totals["gross_revenue"]), Decimal(totals["commissions"]))
    rest = (
        whole[0] - sum((line.amounts[0] or Decimal(0) for line in lines), Decimal(0)),
        whole[1] - sum((line.amounts[1] or Decimal(0) for line in lines), Decimal(0)),
    )
    if any(rest):
        lines.append(
            StatementLine(OTHERS, translate("Statement", "Without commission"), rest, OTHERS)
        )
    return _with_total(lines, whole, translate("Statement", "No revenue"))


def method_lines(statement: Statement) -> tuple[StatementLine, ...]:
    """Revenue by method, the largest first."""
    return _summed(
        statement.totals["by_method"],
        "method",
        method_label,
        translate("Statement", "No payments"),
    )


def category_lines(statement: Statement) -> tuple[StatementLine, ...]:
    """Expenses by category, the largest first."""
    lines = statement.totals["expenses_by_category"]
    return _summed(lines, "category", category_label, translate("Statement", "No expenses"))


def expense_method_lines(statement: Statement) -> tuple[StatementLine, ...]:
    """Expenses by how they were paid, the largest first."""
    lines = statement.totals["expenses_by_method"]
    return _summed(lines, "method", method_label, translate("Statement", "No expenses"))


def _summed(
    found: Iterable[Mapping[str, Any]],
    name: str,
    words: Callable[[str], str],
    nothing: str,
) -> tuple[StatementLine, ...]:
    lines = [
        StatementLine(line[name], words(line[name]), (Decimal(line["total"]),)) for line in found
    ]
    lines.sort(key=lambda line: (-(line.amounts[0] or Decimal(0)), line.words))
    total = sum((line.amounts[0] or Decimal(0) for line in lines), Decimal(0))
    return _with_total(lines, (total,), nothing)


def _with_total(
    lines: list[StatementLine], total: tuple[Decimal, ...], nothing: str
) -> tuple[StatementLine, ...]:
    if not lines:
        return (StatementLine(NOTHING, nothing, tuple(None for _ in total), NOTHING),)
    return (
        *lines,
        StatementLine(TOTAL, translate("Statement", "Total"), total, TOTAL),
    )
