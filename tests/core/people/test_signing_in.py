"""What the database keeps of signing in over HTTP: nonces and tries."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.people.nonces import issue_nonce, use_id_token, use_nonce
from studio_core.people.tries import (
    WINDOW_S,
    TooManyTriesError,
    TryLimits,
    begin_try,
    note_success,
)
from tests.books import Reader

LIMITS = TryLimits(account=3, address=5)
HERE = "192.0.2.7"


def _change(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


def _try(database: Database, account: str | None = "ana", address: str = HERE) -> None:
    with database.transaction() as session:
        begin_try(session, LIMITS, address=address, account=account)


def _wait_until_somebody_waits(database: Database) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    give_up = time.monotonic() + 30
    while not Reader(database).value(waiting + " AND datname = current_database()"):
        assert time.monotonic() < give_up
        time.sleep(0.01)


# --- nonces -------------------------------------------------------------------------------------


def test_nonce_is_used_once(database: Database) -> None:
    with database.transaction() as session:
        nonce = issue_nonce(session)
    with database.transaction() as session:
        assert use_nonce(session, nonce)
    with database.transaction() as session:
        assert not use_nonce(session, nonce)
        assert not use_nonce(session, "one that nobody gave out")


def test_nonces_are_random_and_only_their_digests_are_kept(database: Database) -> None:
    with database.transaction() as session:
        nonces = {issue_nonce(session) for _ in range(20)}
    assert len(nonces) == 20
    assert all(len(nonce) >= 43 for nonce in nonces)
    kept = Reader(database).rows("SELECT n::text FROM signin_nonces n")
    assert not any(nonce in row for nonce in nonces for (row,) in kept)


def test_nonce_ends_after_ten_minutes(database: Database) -> None:
    with database.transaction() as session:
        nonce = issue_nonce(session)
    _change(database, "UPDATE signin_nonces SET expires_at = expires_at - interval '599 seconds'")
    left = "SELECT extract(epoch FROM expires_at - clock_timestamp()) BETWEEN -5 AND 1"
    assert Reader(database).value(left + " FROM signin_nonces")
    _change(database, "UPDATE signin_nonces SET expires_at = clock_timestamp()")
    with database.transaction() as session:
        assert not use_nonce(session, nonce)


def test_of_two_at_once_one_gets_the_nonce(database: Database) -> None:
    with database.transaction() as session:
        nonce = issue_nonce(session)

    def second() -> bool:
        with database.transaction() as session:
            return use_nonce(session, nonce)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            assert use_nonce(session, nonce)
            other = pool.submit(second)
            _wait_until_somebody_waits(database)
        assert other.result(timeout=30) is False


def test_of_two_at_once_one_gets_the_id_token(database: Database) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)

    def second() -> bool:
        with database.transaction() as session:
            return use_id_token(session, "f" * 64, until=until)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            assert use_id_token(session, "f" * 64, until=until)
            other = pool.submit(second)
            _wait_until_somebody_waits(database)
        assert other.result(timeout=30) is False


# --- tries --------------------------------------------------------------------------------------


def test_account_is_closed_after_so_many_failed_tries_from_anywhere(database: Database) -> None:
    for number in range(LIMITS.account):
        _try(database, address=f"192.0.2.{number}")
    with pytest.raises(TooManyTriesError) as refused:
        _try(database, address="198.51.100.1")
    assert 0 < refused.value.wait_s <= WINDOW_S
    assert str(WINDOW_S // 60) in str(refused.value)
    _try(database, account="bento")


def test_address_is_closed_after_so_many_failed_tries_at_any_account(database: Database) -> None:
    for number in range(LIMITS.address):
        _try(database, account=f"person {number}" if number % 2 else None)
    for account in ("somebody else", None):
        with pytest.raises(TooManyTriesError):
            _try(database, account=account)
    _try(database, account="somebody else", address="198.51.100.1")


def test_success_counts_against_nobody(database: Database) -> None:
    for _ in range(LIMITS.address * 2):
        _try(database)
        with database.transaction() as session:
            note_success(session, address=HERE, account="ana")
    for _ in range(LIMITS.account):
        _try(database)
    with pytest.raises(TooManyTriesError):
        _try(database)


def test_refused_try_is_not_counted_so_that_waiting_is_enough(database: Database) -> None:
    for _ in range(LIMITS.account):
        _try(database)
    for _ in range(3):
        with pytest.raises(TooManyTriesError):
            _try(database)
    assert Reader(database).value("SELECT count(*) FROM signin_attempts") == LIMITS.account
    _change(database, f"UPDATE signin_attempts SET at = at - interval '{WINDOW_S} seconds'")
    _try(database)


def test_tries_at_once_are_counted_one_by_one(database: Database) -> None:
    """As many as there are connections, from several servers, all before the first has failed."""
    start = threading.Barrier(8)

    def one(number: int) -> bool:
        start.wait(timeout=30)
        try:
            _try(database, address=f"192.0.2.{number}")
        except TooManyTriesError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(one, range(8)))
    assert sum(let_through) == LIMITS.account


def test_table_of_tries_names_nobody(database: Database) -> None:
    _try(database, account="ana@studio.example")
    assert "ana" not in Reader(database).value("SELECT a::text FROM signin_attempts a")
