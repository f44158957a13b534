"""A password is checked by PostgreSQL itself, and nobody learns who has an account."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, text

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError, StudioError
from studio_core.people.actions import add_person, give_login
from studio_core.people.password_check import SignedIn, check_password
from studio_core.people.rules import PersonDraft
from tests.relay import Relay

PASSWORD = "pele e tinta 2025"
ANA = "ana@studio.example"
NOBODY = "zoe@studio.example"


@pytest.fixture
def ana(database: Database) -> int:
    draft = PersonDraft(name="Ana", email=ANA, access="owner")
    with database.transaction() as session:
        person = add_person(session, request_id=uuid4(), draft=draft)
        give_login(session, user_id=person.id, password=PASSWORD)
    return person.id


def check(url: URL, email: str, password: str) -> SignedIn:
    return check_password(url, email=email, password=password, within_s=20)


def refused(url: URL, email: str, password: str) -> bool:
    with pytest.raises(StudioError) as caught:
        check(url, email, password)
    return (type(caught.value), caught.value.code) == (RuleError, "sign_in_refused")


@pytest.mark.parametrize("email", [ANA, "ANA@Studio.Example", f"  {ANA} "])
def test_right_password_tells_who_it_is(database: Database, ana: int, email: str) -> None:
    known = check(database.url, email, PASSWORD)
    assert (known.user_id, known.must_change) == (ana, False)


def test_password_with_every_kind_of_sign_is_right(database: Database, ana: int) -> None:
    odd = "ção 'quoted' \\ \"x\" %s :a = ; \u202e é🖋"
    with database.transaction() as session:
        give_login(session, user_id=ana, password=odd)
    assert check(database.url, ANA, odd).user_id == ana
    assert refused(database.url, ANA, odd + " ")


@pytest.mark.parametrize("email", [ANA, NOBODY, "", "no address", "admin", "x' OR '1'='1"])
@pytest.mark.parametrize("password", ["wrong", " ", "'", PASSWORD.upper()])
def test_anything_else_is_refused_alike(
    database: Database, ana: int, email: str, password: str
) -> None:
    assert refused(database.url, email, password)


def test_login_of_a_one_time_password_is_told_as_that(database: Database, ana: int) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE user_logins SET must_change = true"))
    assert check(database.url, ANA, PASSWORD).must_change


def test_expired_password_is_refused(database: Database, ana: int) -> None:
    with database.transaction() as session:
        role = session.scalars(text("SELECT role_name FROM user_logins")).one()
        session.execute(text(f"ALTER ROLE \"{role}\" VALID UNTIL '2020-01-01'"))
    assert refused(database.url, ANA, PASSWORD)


def test_unknown_account_takes_the_same_way_over_the_wire_to_the_byte(
    database: Database, ana: int
) -> None:
    """Not the time but the work is compared: what is sent, answered and computed is the same."""
    url = database.url
    with Relay(url.host or "", url.port or 0) as relay:
        here = url.set(port=relay.port)
        assert refused(here, ANA, "a wrong password")
        assert refused(here, NOBODY, "a wrong password")
        known, unknown = relay.totals()
    assert known == unknown
    assert min(known) > 100, "there was a whole exchange"


def test_server_that_lets_everybody_in_proves_nothing(
    durable_server: EmbeddedServer,
) -> None:
    """Some set “trust” in pg_hba.conf for their own computer; sign-in must not rest on that."""
    url = durable_server.start()
    assert refused(url, ANA, "wrong")
    with trusting(durable_server), pytest.raises(ConfigError) as caught:
        check(url, ANA, "wrong")
    assert caught.value.code == "server_without_scram"
    assert refused(url, ANA, "wrong")


@contextmanager
def trusting(server: EmbeddedServer) -> Iterator[None]:
    """The server asks nobody for a password, and has a role for whoever comes."""
    file = Path(server.data_dir / "cluster" / "pg_hba.conf")
    before = file.read_text("utf-8")
    with Database(server.url, application_name="tests") as database:
        _reload(database)
        file.write_text(re.sub(r"scram-sha-256", "trust", before), "utf-8")
        _reload(database)
        try:
            yield
        finally:
            file.write_text(before, "utf-8")
            _reload(database)


def _reload(database: Database) -> None:
    with database.connection() as connection:
        loaded = connection.exec_driver_sql("SELECT pg_conf_load_time()").scalar_one()
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        while connection.exec_driver_sql("SELECT pg_conf_load_time()").scalar_one() == loaded:
            pass  # It takes some milliseconds, and this session hears of it with its next question.
