"""TLS against a real server with an authority of its own: right, wrong, and none at all.

The server that the program brings has no TLS, so these need one of the system's.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.embedded.binaries import BINARIES_VARIABLE
from studio_core.db.engine import Database, raw_connection
from studio_core.errors import ConfigError, StudioError
from tests.certificates import make_certificates

_NAME = "studio.example"
_SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class TlsServer:
    """One server that can be told to offer TLS or not; reached by a name that is its own."""

    def __init__(self, server: EmbeddedServer, certificates: Path) -> None:
        self.server = server
        self.certificates = certificates

    def url(self, host: str = _NAME, **query: str) -> URL:
        """Over loopback, but named like a server on the network: the rules for those hold."""
        url = self.server.url
        wanted = {"host": host, "port": str(url.port), "hostaddr": "127.0.0.1", **query}
        return url._replace(host=None, port=None).update_query_dict(wanted)

    def offer_tls(self, offered: bool) -> None:
        connection = raw_connection(self.server.url, application_name="tests")
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER SYSTEM SET ssl = {'on' if offered else 'off'}")
            cursor.execute("SELECT pg_reload_conf()")
            # The server reads it when it gets to it; what it offers next is what counts.
            while True:
                cursor.execute("SELECT current_setting('ssl')")
                found = cursor.fetchone()
                if found is not None and (found[0] == "on") is offered:
                    break
        connection.close()


@pytest.fixture(scope="module")
def tls_server(run_root: Path, worker_name: str) -> Iterator[TlsServer]:
    if not _SERVERS:
        pytest.skip("no PostgreSQL of the system here: the one we bring has no TLS")
    before = os.environ.get(BINARIES_VARIABLE)
    os.environ[BINARIES_VARIABLE] = str(_SERVERS[-1])
    folder = run_root / f"tls-{worker_name}"
    try:
        with EmbeddedServer(folder, profile="fast") as server:
            certificates = make_certificates(folder / "certificates", _NAME)
            owner = (folder / "cluster").stat()
            for name in ("server.crt", "server.key"):
                shutil.copy2(certificates / name, folder / "cluster" / name)
                os.chown(folder / "cluster" / name, owner.st_uid, owner.st_gid)
            yield TlsServer(server, certificates)
    finally:
        if before is None:
            del os.environ[BINARIES_VARIABLE]
        else:
            os.environ[BINARIES_VARIABLE] = before


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
    other = make_certificates(tmp_path / "other", _NAME)

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
