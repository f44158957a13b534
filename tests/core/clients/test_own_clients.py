"""Artists find their own clients and nobody else's, fast, and the list of them is never wrong."""

import random
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, text

from studio_core.clients.actions import add_flag
from studio_core.clients.queries import (
    client_detail,
    client_history,
    count_clients,
    page_of_clients,
    similar_clients,
)
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup, restore_backup
from studio_core.extrato.closing import ClosingOptions, close_month, reopen_month
from studio_core.ledger.queries import (
    PaymentFilter,
    month_state,
    page_of_payments,
    payments_summary,
)
from studio_core.people.queries import list_artists
from tests.books import MONTH, Books, Reader
from tests.staff import Staff

NAMED_BY_ROWS = """
    SELECT artist_id, client_id FROM sessions WHERE client_id IS NOT NULL
    UNION SELECT artist_id, client_id FROM payments WHERE client_id IS NOT NULL
    UNION SELECT artist_id, client_id FROM archive.sessions WHERE client_id IS NOT NULL
    UNION SELECT artist_id, client_id FROM archive.payments WHERE client_id IS NOT NULL
    ORDER BY 1, 2"""
KEPT = "SELECT artist_id, client_id FROM client_artists ORDER BY 1, 2"
BOOK = (
    "INSERT INTO sessions (artist_id, client_id, starts_at, ends_at, status, overlap_allowed)"
    " VALUES (:artist, :client, '2025-09-12 12:00Z', '2025-09-12 13:00Z', 'paid', true)"
    " RETURNING id"
)


def _agree(books: Books) -> bool:
    return books.rows(KEPT) == books.rows(NAMED_BY_ROWS)


def _books(staff: Staff) -> Books:
    """Books whose two artists are those who sign in."""
    books = Books(staff.database)
    books.ana, books.bento = staff.artist.id, staff.colleague.id
    return books


def _booked(books: Books, artist: int, client: int | None) -> int:
    with books.database.transaction() as session:
        return int(session.execute(text(BOOK), {"artist": artist, "client": client}).scalar_one())


def test_artist_sees_their_own_clients_on_every_way(staff: Staff) -> None:
    books = _books(staff)
    lia, rui, eva = (books.client(name) for name in ("Lia Prado", "Rui Prado", "Eva Prado"))
    _booked(books, books.ana, lia)
    books.pay("100.00", client_id=rui)
    books.pay("70.00", client_id=rui, artist_id=books.bento)
    books.pay("50.00", client_id=eva, artist_id=books.bento)
    with staff.reception.database.transaction() as session:
        for client in (lia, eva):
            add_flag(
                session,
                request_id=uuid4(),
                client_id=client,
                kind="allergy",
                severity="danger",
                note="látex",
            )

    with staff.artist.database.transaction() as session:
        found = {row.name: row for row in page_of_clients(session, search="prado").rows}
        assert set(found) == {"Lia Prado", "Rui Prado"}
        assert [flag.note for flag in found["Lia Prado"].flags] == ["látex"]
        assert (found["Rui Prado"].total, found["Rui Prado"].sessions) == (Decimal("100.00"), 0)
        assert {row.name for row in page_of_clients(session, order="last_visit").rows} == set(found)
        assert count_clients(session).number == count_clients(session, "prado").number == 2
        assert client_detail(session, rui).name == "Rui Prado"
        assert [line.amount for line in client_history(session, rui)] == [100]
        assert [one.name for one in similar_clients(session, name="Lia Prado")] == ["Lia Prado"]
        assert similar_clients(session, name="Eva Prado") == ()
        with pytest.raises(RuleError, match="does not exist"):
            client_detail(session, eva)
        payments = page_of_payments(session, filter=PaymentFilter()).rows
        assert [(row.amount, row.client_name) for row in payments] == [
            (Decimal("100.00"), "Rui Prado")
        ]
        assert payments_summary(session, filter=PaymentFilter()).total == 100
        assert [artist.name for artist in list_artists(session)] == ["Ana"]
        assert month_state(session, MONTH) == "open"


def test_estimate_of_all_clients_is_not_told_to_an_artist(staff: Staff) -> None:
    books = _books(staff)
    _booked(books, books.ana, books.client("Lia Prado"))
    staff.run("UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'clients'::regclass")

    with staff.reception.database.transaction() as session:
        assert count_clients(session).number == 1_000_000
    with staff.artist.database.transaction() as session:
        assert (count_clients(session).number, count_clients(session).exact) == (1, True)


def test_whose_client_is_whose_follows_any_change(books: Books) -> None:
    """A hundred and fifty changes at random, the same each time; a wrong pair would stay wrong."""
    chance = random.Random(20250912)
    clients = [None, *(books.client(f"Cliente {number}") for number in range(4))]
    artists = [books.ana, books.bento, books.artist("Caio", percent="0")]

    def some_row(table: str) -> int | None:
        found = books.rows(f"SELECT id FROM {table} ORDER BY id")
        return chance.choice(found)[0] if found else None

    def book() -> None:
        _booked(books, chance.choice(artists), chance.choice(clients))

    def pay() -> None:
        books.pay("10.00", artist_id=chance.choice(artists), client_id=chance.choice(clients))

    def change(table: str) -> Callable[[], None]:
        def do() -> None:
            with books.database.transaction() as session:
                session.execute(
                    text(
                        f"UPDATE {table} SET artist_id = :artist, client_id = :client"
                        " WHERE id = :id OR id % 7 = :rest"
                    ),
                    {
                        "artist": chance.choice(artists),
                        "client": chance.choice(clients),
                        "id": some_row(table),
                        "rest": chance.randrange(20),
                    },
                )

        return do

    def remove() -> None:
        with books.database.transaction() as session:
            session.execute(
                text("DELETE FROM sessions WHERE id = :id"), {"id": some_row("sessions")}
            )

    for step in range(150):
        chance.choice((book, pay, change("sessions"), change("payments"), remove))()
        assert _agree(books), step
    assert books.value("SELECT count(*) FROM client_artists") > 0


def test_closing_reopening_and_restoring_change_no_pair(
    books: Books, tmp_path: Path, empty_database_url: URL
) -> None:
    lia, rui = books.client("Lia Prado"), books.client("Rui Prado")
    _booked(books, books.ana, lia)
    books.pay("100.00", client_id=rui)
    before = books.rows(KEPT)
    assert len(before) == 2
    backup = create_backup(books.database, month=MONTH, directory=tmp_path)

    close_month(books.database, month=MONTH, options=ClosingOptions(backup_dir=tmp_path))
    assert books.rows(KEPT) == before
    assert _agree(books)
    reopen_month(books.database, month=MONTH, reason="um recibo")
    assert books.rows(KEPT) == before
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as restored:
        restore_backup(restored, path=backup.path)
        assert Reader(restored).rows(KEPT) == before


def test_artist_keeps_the_clients_of_closed_months(staff: Staff, tmp_path: Path) -> None:
    books = _books(staff)
    rui = books.client("Rui Prado")
    books.pay("100.00", client_id=rui)
    books.pay("100.00", client_id=rui, artist_id=books.bento)
    create_backup(books.database, month=MONTH, directory=tmp_path)
    close_month(books.database, month=MONTH, options=ClosingOptions(backup_dir=tmp_path))

    with staff.artist.database.transaction() as session:
        (row,) = page_of_clients(session).rows
        assert (row.name, row.total) == ("Rui Prado", Decimal("100.00"))
        names = session.execute(text("SELECT kind, name FROM archive.names ORDER BY kind")).all()
        assert [tuple(one) for one in names] == [("artist", "Ana"), ("client", "Rui Prado")]


def test_pair_goes_when_two_give_up_its_last_rows_at_once(books: Books) -> None:
    """Each sees the other's row as it was; one after the other they find that none is left."""
    lia = books.client("Lia Prado")
    rows = [_booked(books, books.ana, lia) for _ in range(2)]
    both_changed = threading.Barrier(2)

    def give_up(row: int) -> None:
        with books.database.transaction() as session:
            session.execute(text("SELECT 1"))
            both_changed.wait()
            session.execute(
                text("UPDATE sessions SET artist_id = :bento WHERE id = :row"),
                {"bento": books.bento, "row": row},
            )

    threads = [threading.Thread(target=give_up, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert books.rows(KEPT) == [(books.bento, lia)]


def test_pair_stays_when_a_row_comes_while_the_last_one_goes(books: Books) -> None:
    lia = books.client("Lia Prado")
    row = _booked(books, books.ana, lia)
    leaving = threading.Thread(
        target=lambda: books.rows(
            "UPDATE sessions SET client_id = NULL WHERE id = :row RETURNING id", row=row
        )
    )
    with books.database.transaction() as session:
        session.execute(text(BOOK), {"artist": books.ana, "client": lia})
        leaving.start()
        _wait_for_a_lock(books)
    leaving.join(timeout=30)

    assert books.rows(KEPT) == [(books.ana, lia)]


def _wait_for_a_lock(books: Books) -> None:
    while not books.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        pass
