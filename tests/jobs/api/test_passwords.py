"""Signing in over HTTP with e-mail and password, and what a token opens."""

import jwt
import pytest
from sqlalchemy import URL

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from studio_core.db.engine import Database
from tests.books import Reader
from tests.jobs.api.conftest import PASSWORD, SECRET, People
from tests.jobs.api.web import Web, is_problem, serving

KEY = SECRET.partition(":")[2]


def test_right_password_gives_a_token_that_opens_the_list(web: Web, people: People) -> None:
    people.with_password("ana@studio.example")
    answer = web.log_in("ana@studio.example", PASSWORD)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("bearer", 900)
    assert answer.headers["Cache-Control"] == "no-store"
    listed = web.get("/clients/api/list", told["access_token"])
    assert listed.status_code == 200, listed.text
    assert listed.json() == {"clients": [], "next": None}


def test_token_says_who_for_whom_and_until_when(
    web: Web, people: People, database: Database
) -> None:
    people.with_password("ana@studio.example")
    token = web.token("ana@studio.example", PASSWORD)
    name = database.url.database
    claims = jwt.decode(token, KEY, algorithms=["HS256"], audience=name, issuer="tattoo-studio")
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": "k7", "typ": "JWT"}
    assert claims["exp"] - claims["iat"] == 900
    assert claims["nbf"] == claims["iat"]
    on_record = Reader(database).rows("SELECT jti::text, role_name, revoked_at FROM api_tokens")
    assert on_record == [(claims["jti"], claims["sub"], None)]
    assert "ana" not in str(claims)


def test_wrong_password_is_refused(web: Web, people: People) -> None:
    people.with_password("ana@studio.example")
    answer = web.log_in("ana@studio.example", PASSWORD + "x")
    assert is_problem(answer, 401, "sign_in_refused")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_token_opens_nothing_after_logout(web: Web, people: People) -> None:
    people.with_password("ana@studio.example")
    token = web.token("ana@studio.example", PASSWORD)
    other = web.token("ana@studio.example", PASSWORD)
    out = web.post("/auth/logout", token=token)
    assert (out.status_code, out.content) == (204, b"")
    assert is_problem(web.get("/clients/api/list", token), 401, "token_refused")
    assert is_problem(web.post("/auth/logout", token=token), 401, "token_refused")
    assert web.get("/clients/api/list", other).status_code == 200


def test_one_time_password_gives_no_token_until_it_is_changed(
    web: Web, people: People, database: Database
) -> None:
    people.with_password("ana@studio.example")
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE user_logins SET must_change = true")
    assert is_problem(web.log_in("ana@studio.example", PASSWORD), 403, "password_must_change")
    assert is_problem(web.log_in("ana@studio.example", "wrong"), 401, "sign_in_refused")
    assert Reader(database).value("SELECT count(*) FROM api_tokens") == 0


def test_reset_of_a_password_ends_the_token_of_the_old_one(
    web: Web, people: People, database: Database
) -> None:
    people.with_password("ana@studio.example")
    token = web.token("ana@studio.example", PASSWORD)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE user_logins SET must_change = true")
    assert is_problem(web.get("/clients/api/list", token), 401, "token_refused")


def test_token_does_not_go_to_whoever_gets_the_address_next(
    web: Web, people: People, database: Database
) -> None:
    people.with_password("ana@studio.example", "reception")
    token = web.token("ana@studio.example", PASSWORD)
    bia = people.add("bia@studio.example", "owner")
    with database.transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE user_logins SET user_id = {bia.id}")
    assert is_problem(web.get("/clients/api/list", token), 401, "token_refused")


def test_database_that_is_not_migrated_is_told_as_that(
    empty_database_url: URL, doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        Database(empty_database_url, application_name="tests") as empty,
        serving(create_app(empty, doors=doors)) as web,
    ):
        assert is_problem(web.log_in("ana@studio.example", PASSWORD), 503, "not_migrated")
        assert is_problem(web.post("/auth/google/nonce", {}), 503, "not_migrated")
