"""A studio with something to steal: two artists' work, open and closed, health answers, secrets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from studio_core.db.engine import Database, raw_connection
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.months import Month
from studio_core.people.pins import pin_hash
from tests.books import MONTH, Books
from tests.staff import Staff

CLOSED = Month(2025, 8)
PIN = "271828"
_STATE = """
    SELECT 'role ' || rolname, md5(a::text) FROM pg_authid a
    WHERE rolname LIKE 'studio%' OR starts_with(rolname, current_database()) OR rolname = 'mine'
    UNION ALL
    SELECT 'member ' || m.member::regrole, m.roleid::regrole::text FROM pg_auth_members m
    WHERE starts_with(m.member::regrole::text, '"' || current_database())
    UNION ALL
    SELECT 'setting ' || setrole, setconfig::text FROM pg_db_role_setting
    WHERE setdatabase = 0 OR setdatabase = (
        SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT 'functions', md5(string_agg(p::text, '|' ORDER BY oid)) FROM pg_proc p
    WHERE proacl IS NOT NULL OR pronamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT 'relations', md5(string_agg(concat(relname, relacl, relrowsecurity, relowner), '|'
                                       ORDER BY oid))
    FROM pg_class WHERE relkind IN ('r', 'v', 'S') AND oid >= 16384
    UNION ALL
    SELECT 'triggers', md5(string_agg(t::text, '|' ORDER BY oid)) FROM pg_trigger t
    UNION ALL
    SELECT 'policies', md5(string_agg(p::text, '|' ORDER BY oid)) FROM pg_policy p
    UNION ALL
    SELECT 'schemas', string_agg(concat(nspname, nspacl), '|' ORDER BY oid) FROM pg_namespace
    WHERE nspname !~ '^pg_(toast_)?temp'
    UNION ALL
    SELECT 'large objects', count(*)::text FROM pg_largeobject_metadata
    UNION ALL
    SELECT 'extensions', count(*)::text FROM pg_extension
    ORDER BY 1, 2"""
"""Every role, right, setting, function and trigger, as names and digests."""


class Studio:
    """staff: everybody, signed in. books: as the superuser sees them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.staff = Staff(database)
        self.books = Books(database)
        self.books.ana, self.books.bento = self.staff.artist.id, self.staff.colleague.id
        self._fill(self.books.ana, self.books.client("Lia Prado"))
        self.colleagues_client = self.books.client("Rui 777 Prado")
        self._fill(self.books.bento, self.colleagues_client)
        create_backup(database, month=CLOSED, directory=folder)
        close_month(database, month=CLOSED, options=ClosingOptions(backup_dir=folder))
        for member in (self.staff.artist, self.staff.colleague):
            with member.database.transaction() as session:
                session.execute(text("SELECT studio.set_pin(:hash)"), {"hash": pin_hash(PIN)})
        self.connections = {
            who: raw_connection(self.staff.of(who).url, application_name="tests")
            for who in ("owner", "manager", "reception", "artist")
        }
        self.victim = raw_connection(self.staff.colleague.url, application_name="tests")
        self.known = self.state()

    def state(self) -> tuple[object, ...]:
        return self.books.everything(), self.books.rows(_STATE)

    def close(self) -> None:
        for connection in (*self.connections.values(), self.victim):
            connection.close()
        self.staff.close()

    def _fill(self, artist: int, client: int) -> None:
        for month in (MONTH, CLOSED):
            day = month.first_day.replace(day=12)
            self.books.pay("777.77", paid_on=day, artist_id=artist, client_id=client)
            self.staff.run(
                "INSERT INTO sessions (artist_id, client_id, starts_at, ends_at, status, project)"
                " VALUES (:artist, :client, CAST(:day AS date) + interval '15 hours',"
                " CAST(:day AS date) + interval '16 hours', 'paid', 'dragão')",
                artist=artist,
                client=client,
                day=day,
            )
            self.staff.run(
                "INSERT INTO commissions (payment_id, artist_id, percent, amount, accrued_on)"
                " VALUES (NULL, :artist, 10, 77.77, :day)",
                artist=artist,
                day=day,
            )
        self.books.spend("120.00", spent_on=MONTH.first_day)
        self.staff.run(
            "INSERT INTO client_flags (client_id, kind, severity, note)"
            " VALUES (:client, 'allergy', 'danger', 'látex')",
            client=client,
        )
        self.staff.run(
            "INSERT INTO client_health_answers (client_id, question, answer)"
            " VALUES (:client, 'Diabetes?', 'sim')",
            client=client,
        )


@pytest.fixture(scope="module")
def studio(shared_database_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Database(shared_database_url, application_name="tests") as database:
        made = Studio(database, tmp_path_factory.mktemp("backups"))
        yield made
        made.close()


@pytest.fixture
def nothing_changes(studio: Studio) -> Iterator[None]:
    """Every row, every role, every right and every trigger is as it was before the test."""
    yield
    now = studio.state()
    before, studio.known = studio.known, now
    assert now == before
