"""Which months the server should have closed, at which instant."""

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from studio_core.db.engine import Database
from studio_core.extrato.due import Calendar, calendar
from studio_core.months import Month
from tests.books import Books

JULY, AUGUST, SEPTEMBER = Month(2025, 7), Month(2025, 8), Month(2025, 9)
IN_OCTOBER = datetime(2025, 10, 9, 12, tzinfo=UTC)


NONE: frozenset[Month] = frozenset()


def books_with(
    *,
    closed: AbstractSet[Month] = NONE,
    reopened: AbstractSet[Month] = NONE,
    holding: AbstractSet[Month] = NONE,
    zone: str = "America/Sao_Paulo",
) -> Calendar:
    return Calendar(
        ZoneInfo(zone), frozenset(closed | reopened), frozenset(closed), frozenset(holding)
    )


@pytest.mark.parametrize(
    ("zone", "instant", "month"),
    [
        ("America/Sao_Paulo", datetime(2025, 10, 1, 4, 59, 59, tzinfo=UTC), AUGUST),
        ("America/Sao_Paulo", datetime(2025, 10, 1, 5, 0, tzinfo=UTC), SEPTEMBER),
        ("Pacific/Auckland", datetime(2025, 9, 30, 12, 59, 59, tzinfo=UTC), AUGUST),
        ("Pacific/Auckland", datetime(2025, 9, 30, 13, 0, tzinfo=UTC), SEPTEMBER),
        # Lisbon leaves summer time on 26 October; in November it is on UTC.
        ("Europe/Lisbon", datetime(2025, 10, 1, 1, 0, tzinfo=UTC), SEPTEMBER),
        ("Europe/Lisbon", datetime(2025, 11, 1, 1, 0, tzinfo=UTC), SEPTEMBER),
        ("Europe/Lisbon", datetime(2025, 11, 1, 2, 0, tzinfo=UTC), Month(2025, 10)),
    ],
)
def test_month_is_due_on_the_first_at_two_by_the_studios_clock(
    zone: str, instant: datetime, month: Month
) -> None:
    assert books_with(zone=zone).last_month(instant) == month


def test_new_studio_owes_nothing() -> None:
    found = books_with(holding={Month(2025, 10)})

    assert found.due(IN_OCTOBER) == ()
    assert found.overdue(IN_OCTOBER) is None


def test_first_closing_is_of_last_month_alone() -> None:
    found = books_with(holding={JULY, AUGUST})

    assert found.due(IN_OCTOBER) == (SEPTEMBER,)
    assert found.overdue(IN_OCTOBER) == SEPTEMBER


def test_missed_months_with_entries_are_caught_up_oldest_first() -> None:
    found = books_with(closed={Month(2025, 5)}, holding={Month(2025, 4), AUGUST, JULY})

    assert found.due(IN_OCTOBER) == (JULY, AUGUST, SEPTEMBER)


def test_closed_month_is_not_due_again() -> None:
    found = books_with(closed={SEPTEMBER}, holding={AUGUST, SEPTEMBER})

    assert found.due(IN_OCTOBER) == ()
    assert found.overdue(IN_OCTOBER) is None


def test_month_that_was_opened_again_is_left_to_its_owner_but_told() -> None:
    found = books_with(closed={AUGUST}, reopened={SEPTEMBER}, holding={SEPTEMBER})

    assert found.due(IN_OCTOBER) == ()
    assert found.overdue(IN_OCTOBER) == SEPTEMBER


def test_clock_set_back_makes_no_month_due() -> None:
    found = books_with(closed={AUGUST, SEPTEMBER})

    assert found.due(datetime(2025, 9, 30, 23, tzinfo=UTC)) == ()


def test_calendar_reads_the_books(database: Database) -> None:
    books = Books(database)
    with database.transaction() as session:
        assert calendar(session) == books_with()
    books.pay("10", paid_on=date(2025, 8, 31))
    books.spend("10", spent_on=date(2025, 9, 1))
    with database.transaction() as session:
        assert calendar(session) == books_with(holding={AUGUST, SEPTEMBER})
