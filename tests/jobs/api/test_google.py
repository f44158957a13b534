"""Signing in with Google: the first time, again, on two devices, and who is not let in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.people.queries import signed_in_person
from tests.books import Reader
from tests.fakes.google import FakeGoogle, GooglePerson
from tests.fakes.google_keys import now
from tests.jobs.api.conftest import People, settings_of
from tests.jobs.api.google_visits import Visit, as_desk, lets_in
from tests.jobs.api.web import Web, is_problem, serving

ANA = "ana@studio.example"


@pytest.fixture
def visit(web: Web, google: FakeGoogle, people: People) -> Visit:
    """Ana, who owns the studio, at her device."""
    people.add(ANA, "owner", "Ana")
    return Visit(web, google)


@pytest.mark.parametrize("certs", ["/certs", "/certs/pem"])
def test_first_sign_in_gives_a_login_of_this_device(
    jobs_database: Database, google: FakeGoogle, people: People, database: Database, certs: str
) -> None:
    person = people.add(ANA, "manager", "Ana do estúdio")
    doors = Doors.of(settings_of(google, GOOGLE_CERTS_URL=google.issuer + certs))
    with serving(create_app(jobs_database, doors=doors)) as web:
        answer = Visit(web, google).sign_in()
    assert answer.status_code == 200, answer.text
    login = answer.json()
    assert login["email"] == ANA
    assert login["name"] == "Ana do estúdio", "the studio's own name for her"
    assert login["database"] == database.url.database
    assert login["expires_at"].endswith("Z")
    left = datetime.fromisoformat(login["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=9) < left <= timedelta(hours=12)
    with as_desk(database, login) as desk, desk.transaction() as session:
        assert signed_in_person(session).id == person.id
        assert signed_in_person(session).access == "manager"


def test_nonce_comes_with_the_client_and_its_time(web: Web, google: FakeGoogle) -> None:
    told = web.post("/auth/google/nonce", {}).json()
    assert told["client_id"] == google.client_id
    assert told["expires_in"] == 600
    assert len(told["nonce"]) >= 43


def test_role_password_ends_with_its_hours(visit: Visit, database: Database) -> None:
    login = visit.sign_in().json()
    assert lets_in(database, login)
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            f"ALTER ROLE \"{login['role']}\" VALID UNTIL '2020-01-01'"
        )
    with pytest.raises(RuleError) as refused:
        lets_in(database, login)
    assert refused.value.code == "sign_in_refused"
    assert lets_in(database, visit.renew().json())


def test_renewal_gives_the_same_device_a_fresh_password(visit: Visit, database: Database) -> None:
    first = visit.sign_in().json()
    again = visit.renew().json()
    assert again["role"] == first["role"]
    assert again["password"] != first["password"]
    assert lets_in(database, again)
    with pytest.raises(RuleError):
        lets_in(database, first)


def test_two_devices_of_one_person_do_not_break_each_other(
    visit: Visit, database: Database
) -> None:
    laptop, phone = visit, Visit(visit.web, visit.google)
    on_laptop, on_phone = laptop.sign_in().json(), phone.sign_in().json()
    assert on_laptop["role"] != on_phone["role"]
    on_phone = phone.renew(iat=now() - 1).json()
    assert lets_in(database, on_laptop)
    assert lets_in(database, on_phone)
    with as_desk(database, on_laptop) as one, as_desk(database, on_phone) as two:
        with one.transaction() as session:
            here = signed_in_person(session)
        with two.transaction() as session:
            assert signed_in_person(session) == here


def test_device_that_never_signed_in_is_not_renewed(visit: Visit) -> None:
    assert is_problem(visit.renew(), 401, "google_refused")
    visit.sign_in()
    assert is_problem(Visit(visit.web, visit.google).renew(), 401, "google_refused")


def test_device_of_somebody_else_is_not_renewed(visit: Visit, people: People) -> None:
    assert visit.sign_in().status_code == 200
    people.add("bia@studio.example", "manager", "Bia")
    visit.google.person = GooglePerson("bia@studio.example", sub="2")
    assert is_problem(visit.renew(), 401, "google_refused")


def test_old_token_renews_nothing(visit: Visit) -> None:
    visit.sign_in()
    assert is_problem(visit.renew(iat=now() - 11 * 60), 401, "google_refused")
    assert visit.renew(iat=now() - 9 * 60).status_code == 200


@pytest.mark.parametrize(
    "person",
    [
        GooglePerson("stranger@elsewhere.example"),
        GooglePerson("ana@studio.example.evil.example"),
        GooglePerson("ana+x@studio.example"),
        GooglePerson("stranger@studio.example", hd="studio.example"),
        # Capital K is this, too, where capitals are folded beyond ASCII.
        GooglePerson("\u212aim@studio.example"),
    ],
)
def test_who_was_not_invited_is_refused_like_everybody(
    visit: Visit, people: People, person: GooglePerson, database: Database
) -> None:
    people.add("kim@studio.example", "manager")
    visit.google.person = person
    assert is_problem(visit.sign_in(), 401, "google_refused")
    assert Reader(database).value("SELECT count(*) FROM user_logins") == 0
    assert Reader(database).value("SELECT count(*) FROM users") == 2


def test_capitals_of_an_address_and_the_hosted_domain_make_no_difference(visit: Visit) -> None:
    visit.google.person = GooglePerson("Ana@Studio.Example", hd="elsewhere.example")
    assert visit.sign_in().json()["email"] == ANA


def test_person_without_access_is_refused_like_a_stranger(
    visit: Visit, people: People, database: Database
) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO users (name, email) VALUES ('Bento', 'bento@studio.example')"
        )
    visit.google.person = GooglePerson("bento@studio.example")
    without = visit.sign_in()
    visit.google.person = GooglePerson("stranger@studio.example")
    stranger = visit.sign_in()
    assert is_problem(without, 401, "google_refused")
    assert without.json()["detail"] == stranger.json()["detail"]


def test_google_out_of_reach_is_told_and_the_nonce_stays_good(
    visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    nonce = visit.nonce()
    token = visit.google.id_token(nonce=nonce)
    visit.google.down = True
    answer = visit.bring(token, nonce)
    assert is_problem(answer, 503, "google_unreachable")
    assert answer.headers["Retry-After"]
    visit.google.down = False
    assert visit.bring(token, nonce).status_code == 200


def test_one_nonce_lets_one_of_many_in_who_come_at_once(visit: Visit, database: Database) -> None:
    nonce = visit.nonce()
    tokens = [visit.google.id_token(nonce=nonce, jti=str(number)) for number in range(6)]

    def bring(token: str) -> int:
        with_own_session = Visit(Web(visit.web.url), visit.google, visit.device)
        with with_own_session.web.session:
            return with_own_session.bring(token, nonce).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(bring, tokens))
    assert answers == [200] + [401] * 5
    assert Reader(database).value("SELECT count(*) FROM user_logins") == 1


@pytest.fixture
def without_google(jobs_database: Database) -> Iterator[Web]:
    with serving(create_app(jobs_database)) as web:
        yield web


def test_studio_without_google_says_so(without_google: Web, google: FakeGoogle) -> None:
    visit = Visit(without_google, google)
    assert is_problem(without_google.post("/auth/google/nonce", {}), 404, "google_not_configured")
    assert is_problem(visit.renew(), 404, "google_not_configured")


def test_server_without_a_key_says_so_and_works(without_google: Web) -> None:
    web = without_google
    for answer in (
        web.log_in(ANA, "x"),
        web.post("/auth/logout", token="x"),
        web.get("/clients/api/list", "x"),
        web.get("/clients/api/list"),
        web.post("/extrato/2025/9", {}, token="x"),
    ):
        assert is_problem(answer, 404, "sign_in_not_configured")
    assert web.get("/ready").status_code == 200
