"""Finding clients, and what lists and details say of them."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.clients.actions import add_client, add_flag
from studio_core.clients.queries import (
    ClientOrder,
    ClientRow,
    Count,
    client_detail,
    client_history,
    count_clients,
    page_of_clients,
    similar_clients,
)
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_core.db.paging import Page

NOON = datetime(2025, 9, 12, 15, tzinfo=UTC)


def _add(database: Database, *drafts: ClientDraft) -> list[ClientRow]:
    with database.transaction() as session:
        return [add_client(session, request_id=uuid4(), draft=draft) for draft in drafts]


def _named(database: Database, *names: str) -> list[ClientRow]:
    return _add(database, *(ClientDraft(name=name) for name in names))


def _found(database: Database, search: str, **how: Any) -> list[str]:
    with database.transaction() as session:
        return [row.name for row in page_of_clients(session, search=search, **how).rows]


def _artist(session: Session) -> int:
    added = session.execute(
        text(
            "INSERT INTO users (name, is_artist, commission_percent) VALUES ('Ana', true, 40)"
            " RETURNING id"
        )
    )
    return int(added.scalar_one())


def _visit(session: Session, client: int, at: datetime, status: str = "paid", **more: Any) -> int:
    values = {"client": client, "at": at, "status": status, "artist": _artist(session)}
    added = session.execute(
        text(
            "INSERT INTO sessions (client_id, artist_id, starts_at, ends_at, status, type, project)"
            " VALUES (:client, :artist, :at, :at + interval '1 hour', :status, :type, :project)"
            " RETURNING id"
        ),
        {**values, "type": "Blackwork", "project": "panturrilha", **more},
    )
    return int(added.scalar_one())


def _pay(session: Session, client: int, amount: str, session_id: int | None = None) -> int:
    added = session.execute(
        text(
            "INSERT INTO payments (paid_on, amount, method, client_id, artist_id, session_id)"
            " VALUES ('2025-09-12', :amount, 'pix', :client, :artist, :session) RETURNING id"
        ),
        {
            "amount": amount,
            "client": client,
            "artist": _artist(session),
            "session": session_id,
        },
    )
    return int(added.scalar_one())


def _pages(database: Database, limit: int, **how: Any) -> list[str]:
    names: list[str] = []
    after = None
    for _ in range(50):
        with database.transaction() as session:
            page: Page[ClientRow] = page_of_clients(session, after=after, limit=limit, **how)
        assert len(page.rows) <= limit
        names += [row.name for row in page.rows]
        after = page.next
        if after is None:
            return names
    pytest.fail("the pages never end")


def test_names_are_in_order_whatever_their_accents(database: Database) -> None:
    _named(database, "Ícaro", "Zeca", "Ana", "Érica", "igor")

    assert _found(database, "") == ["Ana", "Érica", "Ícaro", "igor", "Zeca"]
    assert _found(database, "", descending=True) == ["Zeca", "igor", "Ícaro", "Érica", "Ana"]


@pytest.mark.parametrize("order", ["name", "newest", "last_visit"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_join_without_gap_or_repetition(
    database: Database, order: ClientOrder, descending: bool, limit: int
) -> None:
    rows = _named(database, "Ana", "Bia", "Bia", "Caio", "Davi", "Érica")
    with database.transaction() as session:
        for days, row in enumerate((rows[4], rows[1], rows[4], rows[2])):
            _visit(session, row.id, NOON + timedelta(days=days))

    whole = _found(database, "", order=order, descending=descending)

    assert sorted(whole) == sorted(row.name for row in rows)
    assert _pages(database, limit, order=order, descending=descending) == whole


def test_newest_first_is_the_order_of_entry(database: Database) -> None:
    _named(database, "Zeca", "Ana", "Bia")

    assert _found(database, "", order="newest", descending=True) == ["Bia", "Ana", "Zeca"]


def test_last_visits_come_first_and_who_never_came_last(database: Database) -> None:
    ana, bia, caio, _davi = _named(database, "Ana", "Bia", "Caio", "Davi")
    with database.transaction() as session:
        _visit(session, ana.id, NOON)
        _visit(session, bia.id, NOON - timedelta(days=9))
        _visit(session, ana.id, NOON - timedelta(days=30))
        _visit(session, bia.id, NOON + timedelta(days=9), status="scheduled")
        _visit(session, caio.id, NOON, status="no_show")

    newest = _found(database, "", order="last_visit", descending=True)
    oldest = _found(database, "", order="last_visit")

    assert newest == ["Ana", "Bia", "Davi", "Caio"]
    assert oldest == ["Bia", "Ana", "Caio", "Davi"]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("júlia", ["Júlia Brandão", "Julia de Souza"]),
        ("JULIA", ["Júlia Brandão", "Julia de Souza"]),
        ("brandao julia", ["Júlia Brandão"]),
        ("ju", ["Júlia Brandão", "Julia de Souza"]),
        ("ju so", ["Julia de Souza"]),
        ("julia de", ["Julia de Souza"]),
        ("b", ["Bruno 100% Silva"]),
        ("98266", ["Júlia Brandão"]),
        ("98266-9012", ["Júlia Brandão"]),
        ("(11) 98266", ["Júlia Brandão"]),
        ("011 98266", ["Júlia Brandão"]),
        ("529.982", ["Júlia Brandão"]),
        ("@jubra", ["Júlia Brandão"]),
        ("ju@exemplo", ["Julia de Souza"]),
        ("lua", ["Bruno 100% Silva"]),
        ("100%", ["Bruno 100% Silva"]),
        ("ju_ia", []),
        ("%", []),
        ("xyz", []),
        ("  ", ["Bruno 100% Silva", "Júlia Brandão", "Julia de Souza"]),
        ("\\", []),
    ],
)
def test_search_finds_by_any_part(database: Database, search: str, names: Sequence[str]) -> None:
    _add(
        database,
        ClientDraft(
            name="Júlia Brandão",
            phone="11982669012",
            cpf="52998224725",
            instagram="jubrandao",
        ),
        ClientDraft(name="Julia de Souza", email="ju@exemplo.com"),
        ClientDraft(name="Bruno 100% Silva", social_name="Lua"),
    )

    assert _found(database, search) == names


@pytest.mark.parametrize("near", [1, 3, 10_000])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("descending", [False, True])
def test_names_that_begin_as_typed_come_first_and_pages_join(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    near: int,
    limit: int,
    descending: bool,
) -> None:
    monkeypatch.setattr("studio_core.clients.by_name.NEAR", near)
    _named(database, "Bia Ana", "Mariana", "Ana", "Ana", "Anabela", "Bia", "Zoé Ana", "Juliana")
    beginning, rest = ["Ana", "Ana", "Anabela"], ["Bia Ana", "Juliana", "Mariana", "Zoé Ana"]
    if descending:
        beginning, rest = beginning[::-1], rest[::-1]

    assert _pages(database, limit, search="ana", descending=descending) == beginning + rest


@pytest.mark.parametrize("near", [1, 10_000])
@pytest.mark.parametrize("search", ["988", "bi", "jú br"])
def test_pages_of_numbers_and_of_short_words_join(
    database: Database, monkeypatch: pytest.MonkeyPatch, near: int, search: str
) -> None:
    monkeypatch.setattr("studio_core.clients.by_name.NEAR", near)
    _add(
        database,
        *(ClientDraft(name=name, phone="11988124471") for name in ("Bia", "Ana", "Júlia Braz")),
    )
    _named(database, "Bianca", "Júlio Brito", "Zé Bicudo")

    whole = _found(database, search)

    assert len(whole) >= 2
    assert _pages(database, 1, search=search) == whole


def test_search_of_an_empty_studio_finds_nobody(database: Database) -> None:
    for search in ("ana", "98266", "jo", "ana silva"):
        assert _found(database, search) == []


def test_row_says_visits_flags_and_money(database: Database) -> None:
    (julia,) = _named(database, "Júlia")
    with database.transaction() as session:
        # Half past nine in the evening at the studio is past midnight in UTC.
        late = _visit(session, julia.id, datetime(2025, 9, 13, 0, 30, tzinfo=UTC))
        _visit(session, julia.id, NOON + timedelta(days=30), status="scheduled")
        _pay(session, julia.id, "300.00", late)
        _pay(session, julia.id, "50.50")
        voided = _pay(session, julia.id, "999.00")
        session.execute(
            text("UPDATE payments SET voided_at = now(), void_reason = 'x' WHERE id = :id"),
            {"id": voided},
        )
        for kind, severity in (("behaviour", "info"), ("allergy", "danger")):
            add_flag(
                session,
                request_id=uuid4(),
                client_id=julia.id,
                kind=kind,
                severity=severity,
                note=kind,
            )
        (row,) = page_of_clients(session).rows
        detail = client_detail(session, julia.id)

    assert (row.last_visit, row.sessions, row.total) == (date(2025, 9, 12), 1, Decimal("350.50"))
    assert [flag.note for flag in row.flags] == ["allergy", "behaviour"]
    assert (detail.last_visit, detail.sessions, detail.total, detail.flags) == (
        row.last_visit,
        row.sessions,
        row.total,
        row.flags,
    )


def test_history_is_sessions_and_payments_without_one(database: Database) -> None:
    (julia,) = _named(database, "Júlia")
    with database.transaction() as session:
        done = _visit(session, julia.id, NOON - timedelta(days=60))
        _pay(session, julia.id, "300.00", done)
        _pay(session, julia.id, "20.00", done)
        _pay(session, julia.id, "50.50")
        _visit(session, julia.id, NOON + timedelta(days=9), "scheduled", type=None, project=None)
        history = client_history(session, julia.id)

    assert [(line.kind, line.day, line.what, line.status, line.amount) for line in history] == [
        ("session", date(2025, 9, 21), None, "scheduled", None),
        ("payment", date(2025, 9, 12), None, "pix", Decimal("50.50")),
        ("session", date(2025, 7, 14), "panturrilha", "paid", Decimal("320.00")),
    ]
    assert [line.type for line in history] == [None, None, "Blackwork"]


def test_client_without_history_has_an_empty_one(database: Database) -> None:
    (julia,) = _named(database, "Júlia")
    with database.transaction() as session:
        assert client_history(session, julia.id) == ()


def test_few_clients_are_counted_exactly_and_many_found_ones_to_a_bound(
    database: Database,
) -> None:
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO clients (name) SELECT 'Ana ' || n FROM generate_series(1, 1200) n")
        )
        session.execute(text("INSERT INTO clients (name) VALUES ('Bia')"))

        assert count_clients(session) == Count(1201, True)
        assert count_clients(session, "bia") == Count(1, True)
        assert count_clients(session, "ana") == Count(1000, False)


@pytest.mark.parametrize(
    ("name", "phone", "cpf", "expected"),
    [
        ("Somebody Else", "11 98266 9012", None, [("Júlia Brandão", ("phone",))]),
        ("Somebody Else", None, "529.982.247-25", [("Júlia Brandão", ("cpf",))]),
        ("julia brandao", None, None, [("Júlia Brandão", ("name",))]),
        ("Jullia Brandão Lima", None, None, [("Júlia Brandão", ("name",))]),
        (
            "Júlia Brandão",
            "11982669012",
            "52998224725",
            [("Júlia Brandão", ("cpf", "phone", "name"))],
        ),
        ("Júlia", None, None, []),
        ("Júlia Pereira", "98266", "529", []),
        ("Li Wu", None, None, [("Li Wu", ("name",))]),
        ("", None, None, []),
    ],
)
def test_similar_clients_are_named_with_the_reason(
    database: Database,
    name: str,
    phone: str | None,
    cpf: str | None,
    expected: list[tuple[str, tuple[str, ...]]],
) -> None:
    _add(
        database,
        ClientDraft(name="Júlia Brandão", phone="11982669012", cpf="52998224725"),
        ClientDraft(name="Bruno Carvalho"),
        ClientDraft(name="Li Wu"),
    )

    with database.transaction() as session:
        found = similar_clients(session, name=name, phone=phone, cpf=cpf)

    assert [(one.name, one.reasons) for one in found] == expected


def test_client_is_not_similar_to_itself(database: Database) -> None:
    (julia,) = _named(database, "Júlia Brandão")

    with database.transaction() as session:
        assert similar_clients(session, name="Júlia Brandão", except_id=julia.id) == ()


@pytest.mark.parametrize(
    ("access", "total"),
    [("owner", Decimal("80.00")), ("manager", Decimal("80.00")), ("reception", None)],
)
def test_desk_reads_clients_and_only_leaders_their_total(
    database: Database,
    signed_in_as: Callable[[str], Database],
    access: str,
    total: Decimal | None,
) -> None:
    (julia,) = _named(database, "Júlia Brandão")
    with database.transaction() as session:
        _visit(session, julia.id, NOON)
        _pay(session, julia.id, "80.00")

    with signed_in_as(access).transaction() as session:
        (row,) = page_of_clients(session, search="júl", order="last_visit").rows
        assert (row.last_visit, row.sessions, row.total) == (date(2025, 9, 12), 1, total)
        assert client_detail(session, julia.id).total == total
        assert len(client_history(session, julia.id)) == 2
        assert count_clients(session).number == 1
        assert len(similar_clients(session, name="Julia Brandao", phone="1")) == 1
