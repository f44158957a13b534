from datetime import date

import pytest

from studio_core.errors import RuleError
from studio_core.months import Month


def test_a_month_knows_its_days_and_its_neighbours() -> None:
    february = Month.parse("2024-02")
    assert (february.first_day, february.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert february.next() == Month(2024, 3)
    assert Month(2024, 12).next() == Month(2025, 1)
    assert Month(2025, 1).previous() == Month(2024, 12)
    assert february.label == "2024-02"


def test_a_month_is_over_on_the_first_day_after_it() -> None:
    assert not Month(2025, 9).is_over(date(2025, 9, 30))
    assert Month(2025, 9).is_over(date(2025, 10, 1))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2025-13", "month_out_of_range"),
        ("2025-00", "month_out_of_range"),
        ("1999-12", "year_out_of_range"),
        ("2025", "month_malformed"),
        ("setembro", "month_malformed"),
    ],
)
def test_what_is_no_month_is_refused(typed: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        Month.parse(typed)
    assert refused.value.code == code
