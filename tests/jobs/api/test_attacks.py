"""What somebody may try over HTTP who means harm, each by a real client: refused, nothing changed.

What the id_tokens themselves may say is in tests/core/integrations/google; here they are brought
to the server.
"""

import base64
import hashlib
import hmac
import itertools
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests
from sqlalchemy import event

from server_jobs.api.app import create_app
from server_jobs.api.around import CORRELATION_HEADER
from server_jobs.api.sign_in import Doors
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.people.tries import TryLimits
from tests.books import Reader
from tests.fakes.google import FakeGoogle, GooglePerson
from tests.fakes.google_keys import SigningKey, now, unsigned
from tests.jobs.api.conftest import PASSWORD, SECRET, People
from tests.jobs.api.google_visits import Visit, lets_in
from tests.jobs.api.web import Web, is_problem, serving
from tests.relay import Relay

ANA = "ana@studio.example"
KEY = SECRET.partition(":")[2]
ODD = {
    "sql": "x'); DROP TABLE clients; --",
    "sql in a name": 'x" ; DROP ROLE studio_owner; --',
    "sql in a pattern": "%' OR 1=1 --",
    "placeholder": "%(x)s :x %s {x} $1",
    "right to left": "\u202emoc.live\u2066",
    "lone accent": "e\u0301\ufeff",
    "emoji": "🖋" * 40,
    "line ends": "a\r\nSet-Cookie: x=1",
}


@pytest.fixture
def visit(web: Web, google: FakeGoogle, people: People) -> Visit:
    """Ana, who owns the studio and knows her password, at her device."""
    people.with_password(ANA)
    return Visit(web, google)


@pytest.fixture
def unchanged(visit: Visit, database: Database) -> Iterator[None]:
    """Nobody, no login, no client and no table came or went."""
    before = state(database)
    yield
    assert state(database) == before


def state(database: Database) -> dict[str, Any]:
    reader = Reader(database)
    kept = {
        name: digest
        for name, digest in reader.everything().items()
        if not name.startswith(("public.signin_", "public.api_tokens"))
    }
    roles = reader.rows(
        "SELECT rolname, rolpassword FROM pg_authid WHERE starts_with(rolname, current_database())"
        " ORDER BY rolname"
    )
    return kept | {"roles": roles}


# --- id_tokens ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("unchanged")
def test_forged_id_token_is_refused(visit: Visit) -> None:
    nonce = visit.nonce()
    real = visit.google.keys.current
    claims = visit.google.said_of_person(visit.google.person, nonce, {})
    forged = SigningKey.made(real.kid).sign(claims)
    assert is_problem(visit.bring(forged, nonce), 401, "google_refused")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": now() - 3600, "iat": now() - 7200}, id="expired"),
        pytest.param({"aud": "another-client"}, id="wrong audience"),
        pytest.param({"iss": "https://accounts.evil.example"}, id="wrong issuer"),
        pytest.param({"nonce": "somebody-elses"}, id="wrong nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"email_verified": False}, id="unverified e-mail"),
        pytest.param({"email_verified": None}, id="e-mail of which nothing is said"),
    ],
)
def test_id_token_that_does_not_fit_is_refused(visit: Visit, claims: dict[str, Any]) -> None:
    assert is_problem(visit.sign_in(**claims), 401, "google_refused")


@pytest.mark.usefixtures("unchanged")
def test_id_token_with_a_nonce_that_we_did_not_give_out_is_refused(visit: Visit) -> None:
    token = visit.google.id_token(nonce="made-up-by-the-caller")
    assert is_problem(visit.bring(token, "made-up-by-the-caller"), 401, "google_refused")


@pytest.mark.usefixtures("unchanged")
def test_nonce_that_is_too_old_is_refused(visit: Visit, database: Database) -> None:
    nonce = visit.nonce()
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE signin_nonces SET expires_at = now()")
    token = visit.google.id_token(nonce=nonce)
    assert is_problem(visit.bring(token, nonce), 401, "google_refused")


@pytest.mark.usefixtures("unchanged")
def test_unsigned_id_token_is_refused(visit: Visit) -> None:
    nonce = visit.nonce()
    claims = visit.google.said_of_person(visit.google.person, nonce, {})
    for alg in ("none", "NONE", "None", "RS256"):
        assert is_problem(visit.bring(unsigned(claims, alg=alg), nonce), 401, "google_refused")


@pytest.mark.usefixtures("unchanged")
def test_id_token_signed_with_the_public_key_is_refused(visit: Visit) -> None:
    nonce = visit.nonce()
    real = visit.google.keys.current
    claims = visit.google.said_of_person(visit.google.person, nonce, {})
    token = hs256({"alg": "HS256", "kid": real.kid}, claims, real.public_pem())
    assert is_problem(visit.bring(token, nonce), 401, "google_refused")


@pytest.mark.usefixtures("unchanged")
def test_id_token_under_another_keys_name_is_refused(visit: Visit) -> None:
    nonce = visit.nonce()
    old = visit.google.keys.current
    new = visit.google.keys.rotate()
    claims = visit.google.said_of_person(visit.google.person, nonce, {})
    for kid, key in ((old.kid, new.private), (new.kid, old.private)):
        token = SigningKey(kid, key).sign(claims)
        assert is_problem(visit.bring(token, nonce), 401, "google_refused")


def test_used_nonce_is_refused(visit: Visit, database: Database) -> None:
    nonce = visit.nonce()
    first = visit.bring(visit.google.id_token(nonce=nonce), nonce).json()
    again = visit.google.id_token(nonce=nonce, jti="a second token")
    assert is_problem(visit.bring(again, nonce), 401, "google_refused")
    assert lets_in(database, first)


def test_replayed_id_token_is_refused(visit: Visit, database: Database) -> None:
    """Whoever saw it on its way can use it neither again nor to renew, on no device."""
    nonce = visit.nonce()
    token = visit.google.id_token(nonce=nonce)
    login = visit.bring(token, nonce).json()
    thief = Visit(visit.web, visit.google)
    fresh = visit.nonce()
    for answer in (
        visit.bring(token, nonce),
        visit.bring(token),
        visit.bring(token, fresh),
        thief.bring(token, nonce),
        thief.bring(token),
    ):
        assert is_problem(answer, 401, "google_refused")
    assert lets_in(database, login)


def test_replayed_token_of_a_renewal_is_refused(visit: Visit, database: Database) -> None:
    visit.sign_in()
    token = visit.google.id_token()
    login = visit.bring(token).json()
    head, body, signature = token.split(".")
    # The last sign of a signature has bits that say nothing: the same token, written otherwise.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other_end = alphabet[alphabet.index(signature[-1]) ^ 1]
    for replayed in (token, f"{head}.{body}.{signature[:-1]}{other_end}", token + "="):
        assert is_problem(visit.bring(replayed), 401, "google_refused")
    assert lets_in(database, login)


def test_disabled_person_is_refused_on_every_way_in(
    visit: Visit, people: People, database: Database
) -> None:
    assert visit.sign_in().status_code == 200
    token = visit.web.token(ANA, PASSWORD)
    assert visit.web.get("/clients/api/list", token).status_code == 200
    ana = Reader(database).value("SELECT id FROM users WHERE email = :ana", ana=ANA)
    people.leaves(ana)
    assert is_problem(visit.web.get("/clients/api/list", token), 401, "token_refused")
    assert is_problem(visit.web.log_in(ANA, PASSWORD), 401, "sign_in_refused")
    assert is_problem(visit.renew(), 401, "google_refused")
    assert is_problem(visit.sign_in(), 401, "google_refused")


# --- our own tokens -----------------------------------------------------------------------------


def test_stolen_token_opens_nothing_after_logout(visit: Visit) -> None:
    token = visit.web.token(ANA, PASSWORD)
    assert visit.web.post("/auth/logout", token=token).status_code == 204
    for answer in (
        visit.web.get("/clients/api/list", token),
        visit.web.post("/extrato/2025/9", {}, token=token),
        visit.web.post("/auth/logout", token=token),
    ):
        assert is_problem(answer, 401, "token_refused")


def test_forged_token_opens_nothing(visit: Visit, people: People, database: Database) -> None:
    other = people.with_password("bia@studio.example", "reception")
    before = state(database)
    real = visit.web.token(ANA, PASSWORD)
    head = jwt.get_unverified_header(real)
    claims = jwt.decode(real, options={"verify_signature": False})
    past = datetime.now(UTC) - timedelta(hours=1)
    her_role = Reader(database).value(
        "SELECT role_name FROM user_logins WHERE user_id = :id", id=other.id
    )

    def signed(key: str = KEY, kid: str | None = "k7", **changes: Any) -> str:
        said = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(said, key, "HS256", {} if kid is None else {"kid": kid})

    stranger = SigningKey.made("k7")
    assert visit.web.get("/clients/api/list", signed()).status_code == 200
    forged = {
        "another key": signed("another-key-of-thirty-two-bytes-or-more"),
        "another key's name": signed(kid="k8"),
        "no key's name": signed(kid=None),
        "expired": signed(exp=past),
        "without an end": signed(exp=None),
        "not yet valid": signed(nbf=datetime.now(UTC) + timedelta(hours=1)),
        "issued in the future": signed(iat=datetime.now(UTC) + timedelta(hours=1)),
        "for another studio": signed(aud="another_studio"),
        "for several studios": signed(aud=[claims["aud"], "another_studio"]),
        "for nobody": signed(aud=None),
        "by somebody else": signed(iss="accounts.google.com"),
        "by nobody": signed(iss=None),
        "of another person": signed(sub=her_role),
        "of the group itself": signed(sub="studio_owner"),
        "of the server": signed(sub=database.url.username),
        "of nobody": signed(sub=None),
        "never given out": signed(jti=str(uuid4())),
        "without a number": signed(jti=None),
        "with something else for a number": signed(jti="1' OR '1'='1"),
        "unsigned": unsigned(claims),
        "unsigned, naming HS256": unsigned(claims, alg="HS256"),
        "another hash": hs256({"alg": "HS512", "kid": "k7"}, claims, KEY.encode()),
        "by a key pair": stranger.sign(claims),
        "another body": ".".join(
            (real.split(".")[0], signed(sub="studio_owner").split(".")[1], real.split(".")[2])
        ),
        "nested too deep": encoded(b"[" * 6000) + "." + ".".join(real.split(".")[1:]),
        "nonsense": "abc",
        "dots": "..",
        "an id_token": visit.google.id_token(),
    }
    assert head["kid"] == "k7"
    for what, token in forged.items():
        answer = visit.web.get("/clients/api/list", token)
        assert answer.status_code == 401, what
        assert is_problem(answer, 401, "token_refused")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    for said in (f"Basic {real}", f"Token {real}", real, "Bearer", "Bearer x", "bearer x"):
        header = {"Authorization": said}
        answer = requests.get(visit.web.url + "/clients/api/list", headers=header, timeout=30)
        assert is_problem(answer, 401, "token_refused")
    assert state(database) == before


def test_token_ends_by_the_databases_clock(visit: Visit, database: Database) -> None:
    token = visit.web.token(ANA, PASSWORD)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE api_tokens SET expires_at = now()")
    assert is_problem(visit.web.get("/clients/api/list", token), 401, "token_refused")


def test_keys_are_changed_without_signing_anybody_out_until_the_old_one_goes(
    visit: Visit, jobs_database: Database
) -> None:
    old_token = visit.web.token(ANA, PASSWORD)
    new = "m2:TmV3ZXItYW5kLWVxdWFsbHktcmFuZG9tLXNpZ25pbmcta2V5"

    def keyed(written: str) -> Doors:
        return Doors.of(Settings(_env_file=None, jwt_secret_key=written))

    with serving(create_app(jobs_database, doors=keyed(f"{new},{SECRET}"))) as web:
        assert web.get("/clients/api/list", old_token).status_code == 200
        new_token = web.token(ANA, PASSWORD)
        assert jwt.get_unverified_header(new_token)["kid"] == "m2"
    with serving(create_app(jobs_database, doors=keyed(new))) as web:
        assert is_problem(web.get("/clients/api/list", old_token), 401, "token_refused")
        assert web.get("/clients/api/list", new_token).status_code == 200


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unchanged")
def test_sql_and_odd_signs_are_only_text_in_every_field(
    jobs_database: Database, doors: Doors, visit: Visit
) -> None:
    token = visit.web.token(ANA, PASSWORD)
    patient = replace(doors, limits=TryLimits(account=1000, address=1000))
    with serving(create_app(jobs_database, doors=patient)) as web:
        for what, text in ODD.items():
            odd_text_in_every_field(Visit(web, visit.google), token, text, what)


def odd_text_in_every_field(visit: Visit, token: str, text: str, what: str) -> None:
    device = {"id_token": visit.google.id_token(), "device": text, "nonce": "x"}
    for answer, status, code in (
        (visit.web.log_in(text, PASSWORD), 401, "sign_in_refused"),
        (visit.web.log_in(ANA, text), 401, "sign_in_refused"),
        (visit.bring(text, text), 401, "google_refused"),
        (visit.sign_in(nonce=text), 401, "google_refused"),
        (visit.sign_in(email=text), 401, "google_refused"),
        (visit.web.post("/auth/google", device), 422, "malformed"),
        (visit.web.get("/clients/api/list", token, after=text), 404, "no_such_page"),
        (visit.web.get("/clients/api/list", token, after=text, search=text), 404, "no_such_page"),
        (visit.web.get("/clients/api/list", token, limit=text), 422, "malformed"),
    ):
        assert answer.status_code == status, what
        assert is_problem(answer, status, code)
    found = visit.web.get("/clients/api/list", token, search=text)
    assert (found.status_code, found.json()["clients"]) == (200, []), what


@pytest.mark.usefixtures("unchanged")
def test_cursor_that_somebody_made_is_refused_or_only_a_place(visit: Visit) -> None:
    token = visit.web.token(ANA, PASSWORD)
    for made in (
        ["a", 1],
        [0, "x'); DROP TABLE clients; --", 1],
        [1],
        [7, "a", 1],
        ["a"],
        ["a", "1"],
        ["a", True],
        ["a", 2**63],
        ["a", -1],
        ["a\0", 1],
        ["\ud800", 1],
        ["a" * 2000, 1],
        [["a"], 1],
        [None, None],
        {"a": 1},
        "a",
        None,
        [],
    ):
        cursor = encoded(json.dumps(made).encode())
        for search in ("", "ana"):
            answer = visit.web.get("/clients/api/list", token, after=cursor, search=search)
            if answer.status_code != 200:
                assert is_problem(answer, 404, "no_such_page")
            else:
                assert answer.json() == {"clients": [], "next": None}


@pytest.mark.usefixtures("unchanged")
def test_text_that_no_database_takes_is_refused_at_the_door(visit: Visit) -> None:
    token = visit.web.token(ANA, PASSWORD)
    for text in ("a\0b", "\0", "\ud800"):
        no_database_takes(visit, token, text)


def no_database_takes(visit: Visit, token: str, text: str) -> None:
    device = str(uuid4())
    for path, body in (
        ("/auth/login", {"email": text, "password": PASSWORD}),
        ("/auth/login", {"email": ANA, "password": text}),
        ("/auth/google", {"id_token": text, "device": device, "nonce": "x"}),
        ("/auth/google", {"id_token": "x", "device": text, "nonce": "x"}),
        ("/auth/google", {"id_token": "x", "device": device, "nonce": text}),
    ):
        answer = visit.web.post(path, body)
        assert is_problem(answer, 422, "malformed")
        assert PASSWORD not in answer.text
    if text.isascii():
        for name in ("search", "after"):
            answer = visit.web.get("/clients/api/list", token, **{name: text})
            assert is_problem(answer, 422, "malformed")


@pytest.mark.usefixtures("unchanged")
def test_ten_megabytes_are_refused_unread(visit: Visit) -> None:
    huge = "x" * 10_000_000
    token = visit.web.token(ANA, PASSWORD)
    for path, body in (
        ("/auth/login", {"email": huge, "password": PASSWORD}),
        ("/auth/login", {"email": ANA, "password": huge}),
        ("/auth/google", {"id_token": huge, "device": str(uuid4())}),
        ("/auth/google/nonce", {"x": huge}),
        ("/auth/logout", {"x": huge}),
        ("/extrato/2025/9", {"force": huge}),
        ("/health", {"x": huge}),
    ):
        assert is_problem(visit.web.post(path, body, token=token), 413, "body_too_large")
    assert visit.web.get("/clients/api/list", token).status_code == 200


def test_ten_megabytes_in_pieces_of_no_declared_length_are_refused(visit: Visit) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"email": "'
        for _ in range(160):
            yield b"x" * 65536

    answer = requests.post(visit.web.url + "/auth/login", data=pieces(), timeout=30)
    assert is_problem(answer, 413, "body_too_large")


def test_body_that_is_no_object_is_refused(visit: Visit) -> None:
    bodies = (b"[" * 60_000, b'{"a":' * 10_000, b"\xff\xfe", b"", b"null")
    for path, body in itertools.product(("/auth/login", "/auth/google"), bodies):
        answer = requests.post(
            visit.web.url + path,
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=30,
        )
        assert answer.status_code in (400, 422)
        assert is_problem(answer, answer.status_code, answer.json()["code"])


def test_correlation_id_injects_no_header(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    for line in (
        b"a\r\nX-Evil: 1",
        b"a\nX-Evil: 1",
        b"a\r X-Evil: 1",
        b"a%0d%0aX-Evil:%201",
        b"a\r\n X-Evil: 1",
        b"\xe5\x98\x8a\xe5\x98\x8dX-Evil:1",
        b"a\x00b",
        b"a" * 5000,
    ):
        answer = answer_to_correlation_id(visit, line)
        assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
        assert b"x-evil" not in answer.lower()
        assert b"aaaa" not in answer


def answer_to_correlation_id(visit: Visit, line: bytes) -> bytes:
    place = visit.web.url.removeprefix("http://").split(":")
    with socket.create_connection((place[0], int(place[1])), timeout=30) as raw:
        raw.sendall(
            b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + CORRELATION_HEADER.encode()
            + b": "
            + line
            + b"\r\n\r\n"
        )
        answer = b""
        while piece := raw.recv(65536):
            answer += piece
    return answer


# --- guessing -----------------------------------------------------------------------------------


def test_guessing_one_account_is_stopped_and_told_how_long(visit: Visit) -> None:
    answers = [visit.web.log_in(ANA, f"guess {number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert is_problem(answers[-1], 429, "too_many_tries")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert is_problem(visit.web.log_in(ANA, PASSWORD), 429, "too_many_tries")


def test_guessing_is_not_resumed_by_spelling_the_address_otherwise(visit: Visit) -> None:
    spelled = ["ANA@studio.example", " ana@studio.example", "Ana@Studio.Example  ", ANA]
    codes = [visit.web.log_in(spelled[number % 4], "guess").status_code for number in range(12)]
    assert codes == [401] * 10 + [429] * 2


def test_guessing_an_account_that_is_not_there_is_stopped_alike(visit: Visit) -> None:
    codes = [visit.web.log_in("zoe@studio.example", "x").status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2


def test_guessing_at_many_accounts_from_one_address_is_stopped(visit: Visit) -> None:
    codes = [visit.web.log_in(f"{number}@studio.example", "x").status_code for number in range(62)]
    assert codes == [401] * 60 + [429] * 2
    assert is_problem(visit.web.post("/auth/google/nonce", {}), 429, "too_many_tries")
    assert is_problem(visit.renew(aud="wrong"), 429, "too_many_tries")


def test_guessing_is_not_resumed_by_naming_other_addresses(visit: Visit) -> None:
    """X-Forwarded-For is anybody's to write, unless a proxy of ours wrote it."""
    codes = [
        requests.post(
            visit.web.url + "/auth/login",
            json={"email": f"{number}@studio.example", "password": "x"},
            headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"},
            timeout=30,
        ).status_code
        for number in range(61)
    ]
    assert codes[-1] == 429


def test_guessing_at_once_is_no_way_around_nor_is_a_second_server(
    visit: Visit, jobs_database: Database, doors: Doors
) -> None:
    def guess(url: str) -> int:
        answer = requests.post(
            url + "/auth/login", json={"email": ANA, "password": "guess"}, timeout=30
        )
        return answer.status_code

    with serving(create_app(jobs_database, doors=doors)) as second, ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(guess, [visit.web.url, second.url] * 10))
    assert codes == [401] * 10 + [429] * 10


# --- who has an account -------------------------------------------------------------------------


def test_refusal_tells_by_no_word_and_no_work_whether_there_is_an_account(
    visit: Visit, jobs_database: Database, doors: Doors, people: People
) -> None:
    """Not the time but the work is compared: statements, connections, bytes, words."""
    people.with_password("bia@studio.example", "reception")
    people.leaves(people.with_password("eva@studio.example").id)
    url = jobs_database.url
    with (
        Relay(url.host or "", url.port or 0) as relay,
        Database(url.set(port=relay.port), application_name="tests", pool_size=1) as through,
        serving(create_app(through, doors=doors)) as web,
    ):
        web.log_in("warm@studio.example", "x")
        told = {
            who: refusal_and_work(web, through, relay, f"{who}@studio.example")
            for who in ("ana", "bia", "eva", "zoe")
        }
    assert len(told["ana"]["statements"]) > 2
    assert told["ana"] == told["bia"] == told["eva"] == told["zoe"]


def refusal_and_work(web: Web, database: Database, relay: Relay, email: str) -> dict[str, Any]:
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    before = relay.totals()
    event.listen(database.engine, "before_cursor_execute", note)
    answer = web.log_in(email, "a wrong password")
    event.remove(database.engine, "before_cursor_execute", note)
    after = relay.totals()
    before += [(0, 0)] * (len(after) - len(before))
    wire = [(s - bs, r - br) for (s, r), (bs, br) in zip(after, before, strict=True)]
    assert is_problem(answer, 401, "sign_in_refused")
    names = {"date", CORRELATION_HEADER.lower()}
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in names}
    body = {name: value for name, value in answer.json().items() if name != "correlation_id"}
    return {
        "body": body,
        "headers": headers,
        "statements": statements,
        "wire": sorted(way for way in wire if way != (0, 0)),
    }


def test_google_tells_strangers_nothing_by_its_words(visit: Visit) -> None:
    visit.google.person = GooglePerson("stranger@elsewhere.example")
    stranger = visit.sign_in()
    forged = visit.bring("abc", visit.nonce())
    for answer in (stranger, forged):
        assert is_problem(answer, 401, "google_refused")
    assert stranger.json()["detail"] == forged.json()["detail"]


# --- helpers ------------------------------------------------------------------------------------


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def hs256(head: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """Signed with a key that a library would refuse for that."""
    said = {name: value for name, value in claims.items() if not isinstance(value, datetime)}
    first = encoded(json.dumps({"typ": "JWT", **head}).encode())
    second = encoded(json.dumps(said).encode())
    digest = hashlib.sha512 if head["alg"] == "HS512" else hashlib.sha256
    return f"{first}.{second}." + encoded(
        hmac.new(key, f"{first}.{second}".encode(), digest).digest()
    )
