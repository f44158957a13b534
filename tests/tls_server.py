"""A server that speaks TLS, reached over loopback by a name of its own."""

from pathlib import Path

from sqlalchemy import URL

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import raw_connection

NAME = "studio.example"
SYSTEM_SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""The one that the program brings has no TLS."""


class TlsServer:
    """One server that can be told to offer TLS or not; reached by a name that is its own."""

    def __init__(self, server: EmbeddedServer, certificates: Path) -> None:
        self.server = server
        self.certificates = certificates

    def url(self, host: str = NAME, **query: str) -> URL:
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
