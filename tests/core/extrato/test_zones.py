"""Rows near midnight of the 1st, in zones with and without summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from studio_core.extrato.queries import preview
from studio_core.months import Month
from tests.books import Books
from tests.core.extrato.conftest import Closer
from tests.zones import FIRST_DAYS, FirstDay

AROUND = tuple(
    timedelta(seconds=seconds)
    for seconds in (-7200, -3600, -1800, -1, 0, 1, 1800, 3599, 3600, 7200)
)


@pytest.mark.parametrize("first", FIRST_DAYS, ids=lambda first: first.what)
def test_every_row_near_midnight_of_the_1st_belongs_to_the_month_on_the_studios_wall(
    books: Books, closer: Closer, first: FirstDay
) -> None:
    books.set_zone(first.zone)
    zone = ZoneInfo(first.zone)
    begins = first.begins()
    instants = [begins + shift for shift in AROUND]
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO sessions (artist_id, starts_at, ends_at, status, overlap_allowed)"
                " SELECT :ana, at, at + interval '1 hour', 'paid', true"
                " FROM unnest(CAST(:instants AS timestamptz[])) AS at"
            ),
            {"ana": books.ana, "instants": instants},
        )
    after, before = Month.of(first.day), Month.of(first.day).previous()
    books.pay("10.00", paid_on=first.day)
    books.pay("5.00", paid_on=before.last_day)

    for month, gross in ((before, "5.00"), (after, "10.00")):
        with books.database.transaction() as session:
            open_counts = preview(session, month).counts
        statement = closer.back_up_and_close(month).statement
        on_the_wall = [at for at in instants if Month.of(at.astimezone(zone).date()) == month]
        assert statement.totals["gross_revenue"] == gross
        archived = books.rows(
            "SELECT starts_at FROM archive.sessions WHERE extrato_id ="
            " (SELECT id FROM extratos WHERE year = :year AND month = :month) ORDER BY starts_at",
            year=month.year,
            month=month.month,
        )
        assert [at.astimezone(UTC) for (at,) in archived] == on_the_wall
        assert open_counts == statement.counts


def test_each_1st_of_each_zone_begins_where_its_date_begins(books: Books) -> None:
    """As PostgreSQL's own calendar has it, for a generation back and one ahead."""
    for first in FIRST_DAYS:
        books.set_zone(first.zone)
        assert books.value("SELECT studio.day_start(:day)", day=first.day) == first.begins()
        wrong = books.rows(
            "WITH starts AS (SELECT day::date, studio.day_start(day::date) AS begins"
            " FROM generate_series(date '2000-01-01', date '2037-12-01', '1 month') AS day)"
            " SELECT day FROM starts WHERE (begins AT TIME ZONE studio.zone())::date <> day"
            " OR ((begins - interval '1 us') AT TIME ZONE studio.zone())::date <> day - 1"
        )
        assert wrong == [], first.zone


def test_the_wall_knows_when_the_1st_begins() -> None:
    """Of the list itself: where midnight is missing or comes twice."""
    begins = {first.what: first.begins() for first in FIRST_DAYS}
    assert begins["midnight_missing_on_the_1st"] == datetime(2023, 10, 1, 4, tzinfo=UTC)
    assert begins["midnight_twice_on_the_1st"] == datetime(2020, 11, 1, 4, tzinfo=UTC)
