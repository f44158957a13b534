"""TLS against a real server with an authority of its own: right, wrong, and none at all.

The server that the program brings has no TLS, so these need one of the system's.
"""

from pathlib import Path

import pytest
from sqlalchemy import URL

from studio_core.db.engine import Database, raw_connection
from studio_core.errors import ConfigError, StudioError
from tests.certificates import make_certificates
from tests.tls_server import NAME, TlsServer


def _refusal(url: URL) -> StudioError:
    with (
        Database(url, application_name="tests") as database,
        pytest.raises(StudioError) as refused,
    ):
        database.check()
    return refused.value


def test_right_authority_and_name_connect_encrypted(tls_server: TlsServer) -> None:
    tls_server.offer_tls(True)
    url = tls_server.url(sslrootcert=str(tls_server.certificates / "studio-ca.crt"))
    with Database(url, application_name="tests") as database, database.connection() as connection:
        encrypted = connection.exec_driver_sql(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).scalar_one()
    assert database.url.query["sslmode"] == "verify-full"
    assert encrypted is True


def test_another_authority_is_refused(tls_server: TlsServer, tmp_path: Path) -> None:
    tls_server.offer_tls(True)
    other = make_certificates(tmp_path / "other", NAME)

    refusal = _refusal(tls_server.url(sslrootcert=str(other / "studio-ca.crt")))

    assert isinstance(refusal, ConfigError)
    assert refusal.code == "server_certificate"


def test_right_authority_for_another_name_is_refused(tls_server: TlsServer) -> None:
    tls_server.offer_tls(True)
    authority = str(tls_server.certificates / "studio-ca.crt")

    refusal = _refusal(tls_server.url("other.example", sslrootcert=authority))

    assert refusal.code == "server_certificate"


def test_authority_whose_file_is_missing_is_refused(tls_server: TlsServer, tmp_path: Path) -> None:
    tls_server.offer_tls(True)

    refusal = _refusal(tls_server.url(sslrootcert=str(tmp_path / "nowhere.crt")))

    assert refusal.code == "server_certificate"


@pytest.mark.parametrize("asked", [{}, {"sslmode": "disable"}, {"sslmode": "prefer"}])
def test_server_without_tls_gets_no_password(tls_server: TlsServer, asked: dict[str, str]) -> None:
    tls_server.offer_tls(False)

    refusal = _refusal(tls_server.url(**asked))

    assert isinstance(refusal, ConfigError)
    assert refusal.code == "server_without_tls"


def test_without_an_authority_the_connection_is_encrypted_all_the_same(
    tls_server: TlsServer,
) -> None:
    tls_server.offer_tls(True)
    connection = raw_connection(tls_server.url(), application_name="tests")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert cursor.fetchone() == (True,)
    connection.close()
