"""What the tables of a statement say."""

from decimal import Decimal
from typing import Any

from studio_core.extrato.queries import Statement
from studio_core.months import Month
from studio_desktop.statement.lines import (
    NOTHING,
    OTHERS,
    TOTAL,
    artist_lines,
    category_lines,
    method_lines,
)

EMPTY: dict[str, Any] = {
    "gross_revenue": "0.00",
    "commissions": "0.00",
    "expenses": "0.00",
    "net_revenue": "0.00",
    "by_artist": [],
    "by_method": [],
    "expenses_by_method": [],
    "expenses_by_category": [],
}


def _statement(**totals: Any) -> Statement:
    return Statement(Month(2025, 9), None, None, {}, EMPTY | totals)


def test_artists_without_commission_make_the_total_the_gross_revenue() -> None:
    lines = artist_lines(
        _statement(
            gross_revenue="150.00",
            commissions="40.00",
            by_artist=[{"artist": "Ana Tinta", "revenue": "100.00", "commission": "40.00"}],
        )
    )
    assert [line.kind for line in lines] == ["", OTHERS, TOTAL]
    assert lines[1].amounts == (Decimal("50.00"), Decimal("0.00"))
    assert lines[2].amounts == (Decimal("150.00"), Decimal("40.00"))


def test_nobody_is_left_over_when_all_have_commission() -> None:
    lines = artist_lines(
        _statement(
            gross_revenue="100.00",
            commissions="40.00",
            by_artist=[{"artist": "Ana Tinta", "revenue": "100.00", "commission": "40.00"}],
        )
    )
    assert [line.words for line in lines] == ["Ana Tinta", "Total"]


def test_methods_stand_largest_first_and_unknown_ones_as_they_are() -> None:
    lines = method_lines(
        _statement(
            by_method=[
                {"method": "boleto antigo", "total": "10.00"},
                {"method": "cash", "total": "-5.00"},
                {"method": "pix", "total": "90.00"},
            ]
        )
    )
    assert [line.words for line in lines] == ["Pix", "boleto antigo", "Cash", "Total"]
    assert lines[-1].amounts == (Decimal("95.00"),)


def test_a_table_without_lines_says_so() -> None:
    (line,) = category_lines(_statement())
    assert (line.kind, line.words, line.amounts) == (NOTHING, "No expenses", (None,))
