"""A login that is renewed while connections are open."""

from collections.abc import Iterator

import pytest
from psycopg2 import sql
from sqlalchemy import URL, text

from studio_core.db.credential import Credential
from studio_core.db.engine import Database, raw_connection
from studio_core.errors import RuleError

WHO = text("SELECT session_user, pg_backend_pid()")


@pytest.fixture
def roles(database: Database) -> list[str]:
    """Two logins of one person, with the passwords "one" and "two"."""
    names = [f"{database.url.database}.{number}" for number in ("one", "two")]
    for name, password in zip(names, ("one", "two"), strict=True):
        _alter("CREATE ROLE {} LOGIN PASSWORD {}", database.url, name, password)
    return names


@pytest.fixture
def credential(roles: list[str]) -> Credential:
    return Credential(roles[0], "one")


@pytest.fixture
def renewable(database_url: URL, credential: Credential) -> Iterator[Database]:
    with Database(
        database_url, application_name="tests", pool_size=1, credential=credential
    ) as made:
        yield made


def _alter(statement: str, url: URL, role: str, password: str) -> None:
    connection = raw_connection(url, application_name="tests")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(str(url.database)), sql.Identifier(role)
            )
        )
    connection.close()


def test_the_credential_signs_in_and_not_the_address(renewable: Database, roles: list[str]) -> None:
    with renewable.transaction() as session:
        assert session.execute(WHO).one()[0] == roles[0]


def test_an_open_connection_goes_on_and_a_new_one_takes_the_new_password(
    renewable: Database, credential: Credential, database_url: URL, roles: list[str]
) -> None:
    with renewable.transaction() as session:
        before = session.execute(WHO).one()
    _alter("ALTER ROLE {} PASSWORD {}", database_url, roles[0], "newer")
    credential.replace(roles[0], "newer")

    with renewable.transaction() as session:
        assert session.execute(WHO).one() == before
    renewable.renew_connections()
    with renewable.transaction() as session:
        assert session.execute(WHO).one()[1] != before[1]


def test_a_password_that_was_not_renewed_opens_nothing(
    renewable: Database, database_url: URL, roles: list[str]
) -> None:
    _alter("ALTER ROLE {} PASSWORD {}", database_url, roles[0], "newer")

    with pytest.raises(RuleError, match="wrong, or access was withdrawn"):
        renewable.check()


def test_another_role_is_asked_as_after_the_idle_connections_were_renewed(
    renewable: Database, credential: Credential, roles: list[str]
) -> None:
    with renewable.transaction() as session:
        session.execute(WHO)
    credential.replace(roles[1], "two")
    renewable.renew_connections()

    with renewable.transaction() as session:
        assert session.execute(WHO).one()[0] == roles[1]


def test_the_address_carries_the_login_of_the_moment(
    renewable: Database, credential: Credential, roles: list[str]
) -> None:
    first = renewable.url
    credential.replace(roles[1], "two")

    assert (first.username, first.password) == (roles[0], "one")
    assert (renewable.url.username, renewable.url.password) == (roles[1], "two")


def test_a_credential_does_not_show_its_password() -> None:
    assert "hidden" not in repr(Credential("role", "hidden"))
