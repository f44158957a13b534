"""No desk can double-book an artist or a chair."""

import threading

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from tests.books import Books

BOOK = (
    "INSERT INTO sessions (artist_id, chair, starts_at, ends_at, status, overlap_allowed)"
    " VALUES (:artist, :chair, CAST(:day AS timestamptz) + CAST(:at AS interval),"
    " CAST(:day AS timestamptz) + CAST(:at AS interval) + interval '1 hour', :status, :allowed)"
)


def book(
    database: Database,
    artist: int,
    at: str,
    *,
    chair: str | None = None,
    status: str = "scheduled",
    allowed: bool = False,
) -> None:
    with database.transaction() as session:
        session.execute(
            text(BOOK),
            {
                "artist": artist,
                "chair": chair,
                "day": "2025-09-12 00:00-03",
                "at": at,
                "status": status,
                "allowed": allowed,
            },
        )


def test_a_collision_names_the_artist_and_the_time_at_the_studio(books: Books) -> None:
    book(books.database, books.ana, "14:00")
    with pytest.raises(RuleError) as refused:
        book(books.database, books.ana, "14:30")
    assert str(refused.value) == "Ana Tinta already has a session from 14:00 to 15:00."


def test_a_chair_is_not_shared_either(books: Books) -> None:
    book(books.database, books.ana, "14:00", chair="Sala 1")
    with pytest.raises(RuleError, match="Sala 1 already"):
        book(books.database, books.bento, "14:30", chair="Sala 1")


def test_back_to_back_cancelled_and_missed_sessions_do_not_collide(books: Books) -> None:
    book(books.database, books.ana, "14:00")
    book(books.database, books.ana, "15:00")
    book(books.database, books.ana, "16:00", status="cancelled")
    book(books.database, books.ana, "16:00", status="no_show")
    book(books.database, books.ana, "16:00")
    assert books.value("SELECT count(*) FROM sessions") == 5


def test_an_overlap_that_was_allowed_is_still_seen_by_the_next_one(books: Books) -> None:
    book(books.database, books.ana, "14:00")
    book(books.database, books.ana, "14:00", allowed=True)
    with pytest.raises(RuleError, match="already has a session"):
        book(books.database, books.ana, "14:30")


def test_taking_a_cancelled_session_up_again_looks_for_collisions(books: Books) -> None:
    book(books.database, books.ana, "14:00", status="cancelled")
    book(books.database, books.ana, "14:00")
    with (
        pytest.raises(RuleError, match="already has"),
        books.database.transaction() as session,
    ):
        session.execute(text("UPDATE sessions SET status = 'scheduled'"))


def test_of_two_desks_at_the_same_moment_one_gets_the_hour(books: Books) -> None:
    start = threading.Barrier(8)
    outcomes: list[str] = []

    def desk() -> None:
        with Database(books.database.url, application_name="desk", pool_size=1) as own:
            own.check()
            start.wait(20)
            try:
                book(own, books.ana, "14:00")
                outcomes.append("booked")
            except RuleError as error:
                outcomes.append(error.code)

    desks = [threading.Thread(target=desk) for _ in range(8)]
    for one in desks:
        one.start()
    for one in desks:
        one.join(30)
    assert outcomes.count("booked") == 1
    assert len(outcomes) == 8
    assert set(outcomes) <= {"booked", "session_collision", "ex_sessions_artist"}
    assert books.value("SELECT count(*) FROM sessions") == 1
