"""Searching a million clients, as reception and as an artist; the figures are printed.

pytest tests/core/clients/test_a_million.py -m long -s
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from studio_core.clients.queries import count_clients, page_of_clients
from studio_core.db.time_outs import allow_long_work
from studio_core.demo.words import FIRST_NAMES, SURNAMES
from tests.staff import Member, Staff

CLIENTS = 1_000_000
OF_THE_ARTIST = 6_000
"""Three new clients a working day, for eight years."""

SEARCHES = {
    "a name without accents": ("joao", "goncalves", "antonia", "luis pereira", "conceicao"),
    "a fragment of a phone": ("98765", "11912", "4444", "99 1234", "12345"),
    "two letters": ("ma", "jo", "ze", "an", "lu"),
}
"""DESIGN.md, "Numbers to reach"."""


def _fill(staff: Staff) -> None:
    with staff.database.transaction() as session:
        allow_long_work(session)
        # Audit and announcements are not what is measured; whose client is whose is kept anyway.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            text("""
                INSERT INTO clients (name, phone)
                SELECT (CAST(:first AS text[]))[1 + (g * 7919) % :firsts] || ' '
                       || (CAST(:last AS text[]))[1 + (g * 104729 / 13) % :lasts] || ' '
                       || (CAST(:last AS text[]))[1 + (g / 17) % :lasts],
                       '+55' || (11 + g % 80) || '9' || lpad(((g * 7907) % 100000000)::text, 8, '0')
                FROM generate_series(1::bigint, :clients) AS g"""),
            {
                "first": list(FIRST_NAMES),
                "last": list(SURNAMES),
                "firsts": len(FIRST_NAMES),
                "lasts": len(SURNAMES),
                "clients": CLIENTS,
            },
        )
        session.execute(
            text("""
                INSERT INTO sessions (client_id, artist_id, starts_at, ends_at, status,
                                      overlap_allowed)
                SELECT 1 + (g * 1543) % :clients, CASE WHEN g <= :own THEN :ana ELSE :bento END,
                       day, day + interval '1 hour', 'paid', true
                FROM generate_series(1::bigint, 10 * :own) AS g,
                     LATERAL (SELECT now() - interval '1 hour' * (g % 60000) AS day) AS d"""),
            {
                "own": OF_THE_ARTIST,
                "clients": CLIENTS,
                "ana": staff.artist.id,
                "bento": staff.colleague.id,
            },
        )
    with staff.database.connection() as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")


def _told(member: Member, question: Callable[[Session, str], object], words: str) -> str:
    times = []
    for _ in range(20):
        for word in SEARCHES[words]:
            with member.database.transaction() as session:
                session.execute(text("SELECT 1"))  # Connected, and the transaction begun.
                started = time.perf_counter()
                question(session, word)
                times.append((time.perf_counter() - started) * 1000)
    return f"p95 {statistics.quantiles(times, n=20)[-1]:.1f}, median {statistics.median(times):.1f}"


def _page(session: Session, word: str) -> object:
    return page_of_clients(session, search=word)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_searching_a_million_clients_reads_by_index(
    staff: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill(staff)
    told = []
    for who in ("reception", "artist"):
        member = staff.of(who)
        for words in SEARCHES:
            told.append(f"{who}, {words}, a page: {_told(member, _page, words)}")
            told.append(f"{who}, {words}, their number: {_told(member, count_clients, words)}")
        assert "clients" not in _read_whole(member)
    with capsys.disabled():
        print("\nmilliseconds", *told, sep="\n  ")  # noqa: T201 – what this test is for.


def _read_whole(member: Member) -> set[str]:
    """The tables that any statement of those searches reads from one end to the other."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(member.database.engine, "before_cursor_execute", note)
    with member.database.transaction() as session:
        for words in SEARCHES.values():
            for word in words:
                _page(session, word)
                count_clients(session, word)
    event.remove(member.database.engine, "before_cursor_execute", note)
    whole: set[str] = set()
    with member.connected() as connection, connection.cursor() as cursor:
        for statement, values in asked:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
                (plans,) = cursor.fetchone() or ([],)
                whole |= _whole_in(plans[0]["Plan"])
    return whole


def _whole_in(plan: dict[str, Any]) -> set[str]:
    below = set().union(*(_whole_in(child) for child in plan.get("Plans", ())))
    return below | ({plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set())
