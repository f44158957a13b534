from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_core.errors import RuleError
from studio_core.money import cents, commission_due, parse_money


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("R$ 1.234,5", "1234.50"),
        ("R$\N{NO-BREAK SPACE}80", "80.00"),
        ("1.234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("0,05", "0.05"),
        (" 7 ", "7.00"),
        ("9.999.999.999,99", "9999999999.99"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, amount: str) -> None:
    assert parse_money(typed) == Decimal(amount)
    assert str(parse_money(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "amount_empty"),
        ("R$", "amount_empty"),
        ("-50", "amount_negative"),
        ("−50,00", "amount_negative"),
        ("abc", "amount_letters"),
        ("12a", "amount_letters"),
        ("1e5", "amount_letters"),
        ("١٢", "amount_letters"),
        (",", "amount_letters"),
        ("5,", "amount_letters"),
        ("1.23,45.6", "amount_letters"),
        ("1234.567", "amount_decimals"),
        ("12,345", "amount_decimals"),
        ("0.125", "amount_decimals"),
        ("12.34,56", "amount_grouping"),
        ("10.000.000.000,00", "amount_too_large"),
        ("9" * 300, "amount_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_money(typed)
    assert refused.value.code == code
    assert code not in str(refused.value)


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_every_amount_survives_being_written_and_read(amount: Decimal) -> None:
    brazilian = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_money(brazilian) == amount
    assert parse_money(f"{amount:.2f}") == amount


def test_a_commission_is_rounded_half_up_to_the_cent() -> None:
    assert commission_due(Decimal("0.01"), Decimal(50)) == Decimal("0.01")
    assert commission_due(Decimal("33.33"), Decimal("33.33")) == Decimal("11.11")
    assert commission_due(Decimal("-0.01"), Decimal(50)) == Decimal("-0.01")
    assert cents(Decimal("2.675")) == Decimal("2.68")


def test_a_percent_beyond_the_whole_is_refused() -> None:
    with pytest.raises(RuleError, match="0 to 100"):
        commission_due(Decimal(10), Decimal("100.01"))
