"""Database addresses as people and hostings write them."""

import pytest
from sqlalchemy import make_url

from studio_core.db.address import connect_arguments, is_loopback, normalise_url
from studio_core.errors import ConfigError


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg2", "POSTGRES", "postgres+psycopg2"]
)
def test_every_usual_scheme_becomes_psycopg2(scheme: str) -> None:
    url = normalise_url(f" {scheme}://ana:s%40crt@127.0.0.1:5433/tattoo_studio ")
    assert url.drivername == "postgresql+psycopg2"
    assert (url.username, url.password) == ("ana", "s@crt")
    assert (url.host, url.port, url.database) == ("127.0.0.1", 5433, "tattoo_studio")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "database_url_malformed"),
        ("tattoo_studio", "database_url_malformed"),
        ("host=localhost dbname=x", "database_url_malformed"),
        ("mysql://localhost/x", "database_url_scheme"),
        ("postgresql+psycopg://localhost/x", "database_url_scheme"),
        ("postgresql://localhost", "database_url_no_database"),
        ("postgresql://localhost/", "database_url_no_database"),
        ("postgresql://localhost/a/b", "database_url_no_database"),
        ("postgresql://localhost:abc/x", "database_url_malformed"),
        ("postgresql://localhost:70000/x", "database_url_port"),
        ("postgresql://localhost/x?port=abc", "database_url_port"),
        ("postgresql://[::1/x", "database_url_malformed"),
    ],
)
def test_what_is_no_address_is_refused(text: str, code: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        normalise_url(text)
    assert refusal.value.code == code


def test_a_refusal_never_shows_the_password() -> None:
    with pytest.raises(ConfigError) as refusal:
        normalise_url("postgresql://ana:hunter2@localhost:port/x")
    assert "hunter2" not in str(refusal.value)
    assert "hunter2" not in repr(refusal.value.params)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ana:pw@db1:5433,db2/studio?target_session_attrs=read-write",
        "postgresql://ana:pw@/studio?host=db1:5433&host=db2&target_session_attrs=read-write",
        "postgresql://ana:pw@/studio?host=db1,db2&port=5433,5432&target_session_attrs=read-write",
    ],
)
def test_several_hosts_and_the_settings_of_libpq_are_kept(text: str) -> None:
    arguments = connect_arguments(normalise_url(text))
    assert arguments == {
        "host": "db1,db2",
        "port": "5433,5432",
        "user": "ana",
        "password": "pw",
        "dbname": "studio",
        "target_session_attrs": "read-write",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://a:b@db1:1,[::1]:2/x",
        "postgresql://db/x?sslmode=verify-ca",
        "postgresql://[::1]:5433/x",
        "postgresql:///x?host=/var/run/postgresql",
        "postgresql:///x",
        "postgresql://us%2Fer:p%3A%40%2Fw@localhost/na%20me",
    ],
)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_url(text)
    assert normalise_url(once) == once
    assert normalise_url(once.render_as_string(hide_password=False)) == once
    assert make_url(once.render_as_string(hide_password=False)) == once


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("postgresql://localhost/x", None),
        ("postgresql://127.0.0.7/x", None),
        ("postgresql://[::1]/x?sslmode=disable", "disable"),
        ("postgresql:///x?host=/var/run/postgresql", None),
        ("postgresql://db/x", "require"),
        ("postgresql://db/x?sslmode=disable", "require"),
        ("postgresql://db/x?sslmode=prefer", "require"),
        ("postgresql://localhost,db/x", "require"),
        ("postgresql://localhost/x?hostaddr=192.168.0.7", "require"),
        ("postgresql://db/x?hostaddr=127.0.0.1", "require"),
        ("postgresql://db/x?sslmode=verify-full", "verify-full"),
        ("postgresql://db/x?sslrootcert=studio.pem", "verify-full"),
        ("postgresql://db/x?sslrootcert=studio.pem&sslmode=verify-ca", "verify-ca"),
    ],
)
def test_outside_loopback_the_connection_is_encrypted(text: str, mode: str | None) -> None:
    assert normalise_url(text).query.get("sslmode") == mode


def test_loopback_is_an_address_and_not_a_prefix() -> None:
    assert is_loopback("127.0.0.1")
    assert not is_loopback("127.0.0.1.example.com")
    assert not is_loopback("10.0.0.1")
