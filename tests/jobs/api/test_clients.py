"""The list of clients over HTTP: by key, by search, under the caller's own rights."""

import itertools

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from tests.books import Reader
from tests.jobs.api.conftest import PASSWORD, People
from tests.jobs.api.web import Web, is_problem

LIST = "/clients/api/list"
OWNER = "ana@studio.example"


def add_clients(database: Database, *names: str) -> None:
    with database.transaction() as session:
        for name in names:
            session.execute(text("INSERT INTO clients (name) VALUES (:name)"), {"name": name})


def names_of_all(web: Web, token: str, **asked: object) -> list[list[str]]:
    """Page by page, until there is no next."""
    pages: list[list[str]] = []
    after = None
    while True:
        answer = web.get(LIST, token, **asked, after=after)
        assert answer.status_code == 200, answer.text
        pages.append([client["name"] for client in answer.json()["clients"]])
        after = answer.json()["next"]
        if after is None:
            return pages


def test_client_is_listed_with_how_to_reach_them_and_nothing_else(
    web: Web, people: People, database: Database
) -> None:
    people.with_password(OWNER)
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO clients (name, social_name, phone, email, cpf, notes) VALUES"
                " ('Davi Souza', 'Dora', '+5511987654321', 'dora@mail.example', '52998224725', 'x')"
            )
        )
    (client,) = web.get(LIST, web.token(OWNER, PASSWORD)).json()["clients"]
    assert client.pop("id") > 0
    assert client == {
        "name": "Davi Souza",
        "social_name": "Dora",
        "phone": "+5511987654321",
        "email": "dora@mail.example",
    }


def test_pages_follow_each_other_by_name_without_gap_or_repetition(
    web: Web, people: People, database: Database
) -> None:
    people.with_password(OWNER)
    add_clients(database, "Érica", "ana", "Ana", "Zé", "bruno", "Álvaro", "Ana", "10% de tinta")
    token = web.token(OWNER, PASSWORD)
    pages = names_of_all(web, token, limit=3)
    assert [len(page) for page in pages] == [3, 3, 2]
    in_order = [*("10% de tinta", "Álvaro", "ana", "Ana", "Ana", "bruno", "Érica", "Zé")]
    assert list(itertools.chain(*pages)) == in_order
    assert names_of_all(web, token, limit=500) == [in_order]
    spelt_out = web.get(LIST, token, search="", limit=500, after="").json()["clients"]
    assert [client["name"] for client in spelt_out] == in_order


def test_row_that_comes_while_one_pages_moves_no_other(
    web: Web, people: People, database: Database
) -> None:
    people.with_password(OWNER)
    add_clients(database, "Bia", "Caio", "Davi")
    token = web.token(OWNER, PASSWORD)
    first = web.get(LIST, token, limit=2).json()
    add_clients(database, "Ana")
    rest = web.get(LIST, token, limit=2, after=first["next"]).json()
    assert [client["name"] for client in rest["clients"]] == ["Davi"]


def test_search_finds_beginnings_first_and_pages_too(
    web: Web, people: People, database: Database
) -> None:
    people.with_password(OWNER)
    add_clients(database, "Mariana Luz", "Ana Sol", "ana mar", "Zé", "Joana Dias", "Ana Luz")
    token = web.token(OWNER, PASSWORD)
    pages = names_of_all(web, token, limit=2, search="ANA")
    assert pages == [["Ana Luz", "ana mar"], ["Ana Sol", "Joana Dias"], ["Mariana Luz"]]


def test_cursor_of_another_search_is_no_page(web: Web, people: People, database: Database) -> None:
    people.with_password(OWNER)
    add_clients(database, "Ana", "Anabela", "Bia")
    token = web.token(OWNER, PASSWORD)
    of_all = web.get(LIST, token, limit=1).json()["next"]
    of_search = web.get(LIST, token, limit=1, search="ana").json()["next"]
    assert is_problem(web.get(LIST, token, after=of_all, search="ana"), 404, "no_such_page")
    assert is_problem(web.get(LIST, token, after=of_search), 404, "no_such_page")


@pytest.mark.parametrize("access", ["owner", "manager", "reception"])
def test_desk_sees_all_clients(web: Web, people: People, database: Database, access: str) -> None:
    people.with_password(OWNER, access)
    add_clients(database, "Bia", "Caio")
    assert names_of_all(web, web.token(OWNER, PASSWORD)) == [["Bia", "Caio"]]


def test_artist_sees_own_clients_alone(web: Web, people: People, database: Database) -> None:
    """Row security decides over the API, too: it is asked under the artist's own role."""
    artist = people.with_password(OWNER, "artist")
    other = people.with_password("bento@studio.example", "artist")
    add_clients(database, "Bia", "Caio", "Davi")
    with database.transaction() as session:
        for name, user_id in (("Caio", artist.id), ("Bia", other.id)):
            session.execute(
                text(
                    "INSERT INTO sessions (client_id, artist_id, starts_at, ends_at) SELECT id,"
                    " :artist, now(), now() + interval '1 hour' FROM clients WHERE name = :name"
                ),
                {"artist": user_id, "name": name},
            )
    token = web.token(OWNER, PASSWORD)
    assert names_of_all(web, token) == [["Caio"]]
    assert names_of_all(web, token, search="Bia") == [[]]
    assert names_of_all(web, web.token("bento@studio.example", PASSWORD)) == [["Bia"]]


def test_what_the_database_does_not_grant_is_forbidden(
    web: Web, people: People, database: Database
) -> None:
    people.with_password(OWNER, "reception")
    token = web.token(OWNER, PASSWORD)
    with database.transaction() as session:
        session.execute(text("REVOKE SELECT ON clients FROM studio_reception"))
    assert is_problem(web.get(LIST, token), 403, "not_allowed")


def test_rights_of_one_caller_do_not_stay_on_the_connection_for_the_next(
    web: Web, people: People, jobs_database: Database
) -> None:
    people.with_password(OWNER)
    web.get(LIST, web.token(OWNER, PASSWORD))
    for _ in range(6):
        with jobs_database.transaction() as session:
            assert session.scalars(text("SELECT current_setting('role')")).one() == "none"
            assert session.scalars(text("SELECT current_user = session_user")).one()


def test_server_has_no_right_of_a_person_without_acting_as_one(
    people: People, jobs_database: Database, database: Database
) -> None:
    people.with_password(OWNER)
    reader = Reader(jobs_database)
    for group in ("studio_owner", "studio_manager", "studio_reception", "studio_artist"):
        usable = "SELECT pg_has_role(current_user, :group, 'USAGE')"
        assert reader.value(usable, group=group) is False
    assert reader.value("SELECT has_table_privilege('audit_log', 'SELECT')") is False


def test_limit_is_kept(web: Web, people: People) -> None:
    people.with_password(OWNER)
    token = web.token(OWNER, PASSWORD)
    for limit in ("0", "501", "-1", "1.5", "x"):
        assert is_problem(web.get(LIST, token, limit=limit), 422, "malformed")
