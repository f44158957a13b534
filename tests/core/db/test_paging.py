"""Pages by key over every order, with ties and missing values."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import URL, Column, Date, Integer, MetaData, Select, Table, column, insert, select
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page

VISITS = Table(
    "visits", MetaData(), Column("id", Integer, primary_key=True), Column("on_day", Date)
)
# Ties, missing values, and ids that are not in the order of the days.
DAYS = [3, None, 1, 2, 2, None, 3, 1, 2, None, 2]
ROWS = [(number, date(2025, 9, day) if day else None) for number, day in enumerate(DAYS, 1)]


@pytest.fixture
def session(empty_database_url: URL) -> Iterator[Session]:
    with (
        Database(empty_database_url, application_name="tests") as studio,
        studio.transaction() as own,
    ):
        VISITS.create(own.connection())
        own.execute(insert(VISITS), [{"id": key, "on_day": day} for key, day in ROWS])
        yield own


def _page(session: Session, order: KeyOrder, after: Cursor | None, limit: int) -> Page[int]:
    statement = select(VISITS.c.id)
    if not order.nullable:
        statement = statement.where(VISITS.c.on_day.is_not(None))
    return fetch_page(
        session, statement, order, after=after, limit=limit, row=lambda found: int(found.id)
    )


def _expected(*, descending: bool, nullable: bool) -> list[int]:
    dated = sorted(((day, key) for key, day in ROWS if day), reverse=descending)
    undated = sorted((key for key, day in ROWS if day is None), reverse=descending)
    return [key for _, key in dated] + (undated if nullable else [])


def test_pages_of_every_size_show_every_row_once_and_in_order(session: Session) -> None:
    for descending, nullable in product((False, True), repeat=2):
        order = KeyOrder(VISITS.c.on_day, VISITS.c.id, descending=descending, nullable=nullable)
        expected = _expected(descending=descending, nullable=nullable)
        for limit in range(1, len(ROWS) + 2):
            seen: list[int] = []
            after: Cursor | None = None
            while True:
                page = _page(session, order, after, limit)
                assert len(page.rows) == min(limit, len(expected) - len(seen))
                seen += page.rows
                after = page.next
                if after is None:
                    break
            assert seen == expected, (descending, nullable, limit)


def test_a_page_starts_behind_a_row_that_is_gone_meanwhile(session: Session) -> None:
    order = KeyOrder(VISITS.c.on_day, VISITS.c.id, nullable=True)
    expected = _expected(descending=False, nullable=True)
    first = _page(session, order, None, 4)
    session.execute(VISITS.delete().where(VISITS.c.id == first.rows[-1]))
    assert list(_page(session, order, first.next, 100).rows) == expected[4:]


def test_rows_added_before_the_cursor_shift_nothing(session: Session) -> None:
    order = KeyOrder(VISITS.c.on_day, VISITS.c.id, descending=True)
    first = _page(session, order, None, 3)
    session.execute(insert(VISITS).values(id=99, on_day=date(2025, 9, 30)))
    following = _page(session, order, first.next, 100)
    assert list(first.rows + following.rows) == _expected(descending=True, nullable=False)


def test_an_empty_list_is_one_page_without_a_next(session: Session) -> None:
    session.execute(VISITS.delete())
    order = KeyOrder(VISITS.c.on_day, VISITS.c.id)
    assert _page(session, order, None, 10) == Page((), None)


def test_order_without_missing_values_reads_an_index_by_range(session: Session) -> None:
    session.connection().exec_driver_sql("CREATE INDEX ON visits (on_day, id)")
    session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
    order = KeyOrder(VISITS.c.on_day, VISITS.c.id, descending=True)
    statement: Select[Any] = (
        select(column("id"))
        .select_from(VISITS)
        .where(order.behind((date(2025, 9, 2), 5)))
        .order_by(*order.order_by())
    )
    compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
    lines = session.connection().exec_driver_sql(f"EXPLAIN {compiled}").scalars().all()
    plan = "\n".join(lines)
    assert "Index Cond: (ROW(on_day, id) <" in plan
    assert "Sort" not in plan
