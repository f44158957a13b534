"""Desks that keep the month to themselves while it is to be closed: busy, and frozen."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.db.time_outs import TIME_OUTS
from studio_core.errors import AlreadyRunningError, RuleError
from studio_core.extrato import closing
from studio_core.ledger.actions import record_payment
from tests.background import Background, until_somebody_waits, wait_until
from tests.books import Books
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.month import TheMonth
from tests.core.extrato.faults.victim import Victim
from tests.database_settings import set_for_database


@contextmanager
def long_transaction(books: Books, desk: Database) -> Iterator[None]:
    """A payment typed and not committed."""
    with desk.transaction() as session:
        record_payment(session, request_id=uuid.uuid4(), draft=books.draft("55.00"))
        yield
        session.rollback()


def test_desk_with_a_long_transaction_is_named_from_a_second_connection_while_the_closing_waits(
    books: Books, closer: Closer, reception: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_WAIT", "1s")
    monkeypatch.setattr(closing, "_TRIES", 2)
    month = TheMonth(closer)
    said = "The month 2025-09 is in use by Rita Balcão (studio-desktop). Try again when that is"
    with long_transaction(books, reception):
        waiting = Background(closer.close)
        until_somebody_waits(books)
        wait_until(
            lambda: (
                books.value("SELECT studio.who_holds_month('2025-09-01')")
                == "Rita Balcão (studio-desktop)"
            )
        )
        with pytest.raises(RuleError) as refused:
            waiting.result()
    assert refused.value.code == "month_busy"
    assert str(refused.value) == f"{said} finished."
    assert not isinstance(refused.value, AlreadyRunningError)
    month.is_as_it_was()
    assert month.runs() == [("refused", f"{said} finished.")]
    month.closes_now()


def test_desk_frozen_with_an_open_transaction_is_freed_by_the_database_and_the_closing_goes_on(
    books: Books, closer: Closer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_WAIT", "500ms")
    set_for_database(books.database, idle_in_transaction_session_timeout="2s")
    month = TheMonth(closer)
    request = uuid.uuid4()
    desk = Victim(books.database.url, closer.folder, halt_at=str(request), work="payment")
    desk.wait_until_halted()
    desk.freeze()
    closer.close()
    month.is_closed_once()
    assert month.statuses() == ["done"]

    assert desk.go_on() == "connection_lost"
    month.is_closed_once()
    with pytest.raises(RuleError, match="is closed"), books.database.transaction() as session:
        record_payment(session, request_id=request, draft=books.draft("77.00"))


def test_closing_waits_longer_than_a_frozen_desk_is_left_alone(books: Books) -> None:
    with books.database.transaction() as session:
        assert session.scalar(
            text("SELECT :tries * CAST(:wait AS interval) > CAST(:silent AS interval)"),
            {
                "tries": closing._TRIES,
                "wait": closing._WAIT,
                "silent": TIME_OUTS["idle_in_transaction_session_timeout"],
            },
        )
