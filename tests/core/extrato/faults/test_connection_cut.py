"""The network cut around the commit, by a real proxy between the program and the database."""

import logging
import uuid

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError, UnavailableError
from studio_core.extrato.closing import ClosingOptions, ClosingResult, close_month
from studio_core.ledger.actions import record_payment
from studio_core.ledger.queries import PaymentRow
from tests.background import Background, wait_until
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.held_commit import HeldCommit
from tests.core.extrato.faults.month import TheMonth
from tests.cutting_proxy import CuttingProxy, Moment


def proxy(books: Books, moment: Moment, words: str = "closing_finish") -> CuttingProxy:
    return CuttingProxy(books.database.url, words=words, moment=moment)


def close_through(network: CuttingProxy, closer: Closer) -> ClosingResult:
    with Database(network.url, application_name="far away") as database:
        return close_month(
            database, month=MONTH, options=ClosingOptions(backup_dir=closer.folder, batch_size=10)
        )


def test_connection_cut_between_commit_and_answer_is_recognised_as_done_and_not_repeated(
    books: Books, closer: Closer
) -> None:
    month = TheMonth(closer)
    with proxy(books, "after") as network:
        result = close_through(network, closer)
        assert network.cuts == 1
    assert result.statement.counts["payments"] == 40
    month.is_closed_once()
    assert month.runs() == [("done", None)]
    with pytest.raises(RuleError, match="already closed"):
        closer.close()
    month.is_closed_once()


def test_connection_cut_before_the_commit_arrives_leaves_the_month_as_it_was(
    books: Books, closer: Closer
) -> None:
    month = TheMonth(closer)
    with (
        proxy(books, "before") as network,
        pytest.raises(UnavailableError, match="connection to the database was lost"),
    ):
        close_through(network, closer)
    month.is_as_it_was()
    assert month.runs() == [("failed", "The connection to the database was lost. Try again.")]
    month.closes_now()
    assert month.statuses() == ["failed", "done"]


def test_connection_cut_while_the_server_commits_is_recognised_as_done(
    books: Books, closer: Closer, caplog: pytest.LogCaptureFixture
) -> None:
    """The program asks before the server has ended; it must not take the silence for a no."""
    caplog.set_level(logging.INFO, "studio_core.extrato.closing")
    month = TheMonth(closer)
    held = HeldCommit(books.database.url)
    with proxy(books, "in") as network:
        closing = Background(lambda: close_through(network, closer))
        held.wait_until_reached()
        network.cut()
        wait_until(lambda: "run_outcome_unknown" in caplog.text)
        held.release()
        assert closing.result().statement.version == 1
    month.is_closed_once()
    assert month.runs() == [("done", None)]


def test_payment_whose_answer_was_cut_off_is_booked_once_when_it_is_sent_again(
    books: Books,
) -> None:
    request = uuid.uuid4()

    def pay(database: Database) -> PaymentRow:
        with database.transaction() as session:
            return record_payment(session, request_id=request, draft=books.draft("80.00"))

    with (
        proxy(books, "after", "INSERT INTO payments") as network,
        Database(network.url, application_name="desk") as desk,
    ):
        with pytest.raises(UnavailableError):
            pay(desk)
        again = pay(desk)
    assert books.rows("SELECT id, amount FROM payments") == [(again.id, again.amount)]
    with books.database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM commissions")) == 1
