"""Two real connections at once: what is typed while a month closes is in it, or refused."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.errors import AlreadyRunningError, RuleError, StudioError
from studio_core.extrato.backup import create_backup
from studio_core.ledger.actions import record_payment
from studio_core.months import Month
from tests.background import Background, until_somebody_waits
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer


@contextmanager
def open_payment(books: Books, amount: str = "55.00") -> Iterator[Session]:
    """A desk that has typed a payment and has not committed yet."""
    with (
        Database(books.database.url, application_name="desk", pool_size=1) as desk,
        desk.transaction() as session,
    ):
        record_payment(session, request_id=uuid.uuid4(), draft=books.draft(amount))
        yield session


@contextmanager
def begun_closing(books: Books) -> Iterator[Session]:
    """A closing that has taken the month and not ended."""
    with (
        Database(books.database.url, application_name="closer", pool_size=1) as other,
        other.transaction() as session,
    ):
        session.execute(text("SELECT studio.closing_begin(:m)"), {"m": MONTH.first_day})
        yield session


def finish(session: Session) -> None:
    for table in ("payments", "commissions", "expenses", "sessions"):
        session.execute(
            text("SELECT studio.closing_move(:m, :table, 0, 1000000)"),
            {"m": MONTH.first_day, "table": table},
        )
    session.execute(
        text("SELECT studio.closing_finish(:m, NULL, NULL, NULL)"), {"m": MONTH.first_day}
    )


def test_a_payment_typed_before_the_closing_is_in_the_extrato(books: Books, closer: Closer) -> None:
    books.fill(5)
    with open_payment(books):
        closing = Background(lambda: closer.close(require_backup=False))
        until_somebody_waits(books)
    result = closing.result()
    assert result.statement.counts["payments"] == 6
    assert books.value("SELECT count(*) FROM archive.payments WHERE amount = 55") == 1


def test_a_payment_typed_during_the_closing_is_refused_with_the_reason(books: Books) -> None:
    books.fill(5)
    with begun_closing(books) as session:
        payment = Background(lambda: books.pay("55.00"))
        until_somebody_waits(books)
        finish(session)
    with pytest.raises(RuleError, match="2025-09 is closed"):
        payment.result()
    assert books.value("SELECT count(*) FROM archive.payments") == 5
    assert books.value("SELECT count(*) FROM payments") == 0


def test_a_payment_that_waited_for_a_failed_closing_is_booked(books: Books) -> None:
    books.fill(5)

    class FailedError(Exception):
        pass

    with pytest.raises(FailedError), begun_closing(books):
        payment = Background(lambda: books.pay("55.00"))
        until_somebody_waits(books)
        raise FailedError
    payment.result()
    assert books.value("SELECT count(*) FROM payments") == 6


def test_moving_a_payment_into_a_closed_month_is_refused(books: Books, closer: Closer) -> None:
    october = books.pay("70.00", paid_on=Month(2025, 10).first_day)
    books.fill(2)
    closer.back_up_and_close()
    with pytest.raises(RuleError, match="is closed"), books.database.transaction() as session:
        session.execute(
            text("UPDATE payments SET paid_on = '2025-09-10' WHERE id = :id"),
            {"id": october.id},
        )


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO payments (paid_on, amount, method, artist_id)"
        " VALUES ('2025-09-10', 1, 'pix', 1)",
        "INSERT INTO commissions (artist_id, percent, amount, accrued_on)"
        " VALUES (1, 10, 1, '2025-09-10')",
        "INSERT INTO expenses (spent_on, amount, description, method)"
        " VALUES ('2025-09-10', 1, 'x', 'pix')",
    ],
)
def test_nothing_enters_a_closed_month_even_as_a_superuser(
    books: Books, closer: Closer, statement: str
) -> None:
    closer.back_up_and_close()
    with pytest.raises(RuleError, match="is closed"), books.database.transaction() as session:
        session.execute(text(statement))


def test_two_closings_at_once_run_one_and_turn_the_other_away(books: Books, closer: Closer) -> None:
    books.fill(5)
    with begun_closing(books) as session:
        with pytest.raises(AlreadyRunningError, match="already running"):
            closer.close(require_backup=False)
        finish(session)
    assert books.value("SELECT count(*) FROM extratos") == 1


def test_two_months_close_at_once_and_the_chain_stays_one(books: Books, closer: Closer) -> None:
    august = Month(2025, 8)
    books.fill(30)
    books.fill(30, august)
    start = threading.Barrier(2)

    def close(month: Month) -> Any:
        start.wait(10)
        return closer.close(month, require_backup=False, batch_size=1)

    for closing in [Background(lambda m=month: close(m)) for month in (MONTH, august)]:
        closing.result()
    chain = books.rows(
        "SELECT closing_order, previous_digest, digest FROM extratos ORDER BY closing_order"
    )
    assert [order for order, _, _ in chain] == [1, 2]
    assert chain[1][1] == chain[0][2]


def test_a_desk_that_keeps_the_month_is_named_and_never_called_a_running_closing(
    books: Books, closer: Closer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_core.extrato.closing._WAIT", "800ms")
    monkeypatch.setattr("studio_core.extrato.closing._TRIES", 2)
    books.fill(3)
    with open_payment(books), pytest.raises(RuleError) as refused:
        closer.close(require_backup=False)
    assert refused.value.code == "month_busy"
    assert not isinstance(refused.value, AlreadyRunningError)
    assert "desk" in str(refused.value)
    assert books.rows("SELECT status FROM extrato_runs") == [("refused",)]


def test_a_payment_that_waits_too_long_is_told_that_the_month_is_being_closed(
    books: Books,
) -> None:
    with (
        pytest.raises(StudioError, match="one piece"),
        begun_closing(books),
        pytest.raises(RuleError, match="being closed right now"),
        books.database.transaction() as session,
    ):
        session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        record_payment(session, request_id=uuid.uuid4(), draft=books.draft("1.00"))


@pytest.mark.parametrize("moved", [(), ("payments",), ("payments", "commissions", "expenses")])
def test_half_a_closing_is_refused_at_commit(books: Books, moved: tuple[str, ...]) -> None:
    books.fill(5)
    before = books.snapshot()
    with pytest.raises(StudioError, match="one piece"), begun_closing(books) as session:
        for table in moved:
            session.execute(
                text("SELECT studio.closing_move(:m, :table, 0, 1000000)"),
                {"m": MONTH.first_day, "table": table},
            )
    assert books.snapshot() == before


def test_a_closing_step_without_a_closing_is_refused(books: Books) -> None:
    books.fill(5)
    for step in (
        "SELECT studio.closing_move('2025-09-01', 'payments', 0, 100)",
        "SELECT studio.closing_finish('2025-09-01', NULL, NULL, NULL)",
    ):
        with pytest.raises(StudioError, match="one piece"):
            books.value(step)


def test_a_closing_that_left_rows_behind_is_refused(books: Books) -> None:
    books.fill(5)
    with pytest.raises(RuleError, match="is not what arrived"), begun_closing(books) as session:
        session.execute(
            text("SELECT studio.closing_finish(:m, NULL, NULL, NULL)"), {"m": MONTH.first_day}
        )


def test_two_desks_book_in_one_month_without_waiting_for_each_other(books: Books) -> None:
    with open_payment(books):
        books.pay("10.00")
    assert books.value("SELECT count(*) FROM payments") == 2


def test_a_backup_made_while_a_desk_types_is_stale_afterwards(books: Books, closer: Closer) -> None:
    books.fill(5)
    with open_payment(books):
        create_backup(books.database, month=MONTH, directory=closer.folder)
    with pytest.raises(RuleError) as refused:
        closer.close()
    assert refused.value.code == "backup_stale"
