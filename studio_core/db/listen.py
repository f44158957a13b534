"""Hears what other programs committed, by LISTEN."""

import psycopg2
from sqlalchemy import URL

from studio_core.changes import CHANNEL, TableChange
from studio_core.db.engine import raw_connection
from studio_core.errors import UnavailableError
from studio_core.observability import get_logger

_log = get_logger(__name__)


class Listener:
    """One connection that only listens. Changes committed before it connected are not replayed.

    fileno() becomes readable when something came, or for ever once the connection ended: after
    UnavailableError stop watching it, close, and connect a new one.
    """

    def __init__(self, url: URL | str, *, application_name: str = "studio-listener") -> None:
        """Raises what connecting raises; see engine.raw_connection."""
        self._connection = raw_connection(url, application_name=application_name)
        with self._connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")

    def fileno(self) -> int:
        return self._connection.fileno()

    def poll(self) -> list[TableChange]:
        """What came since the last call, oldest first; never waits.

        Raises UnavailableError("connection_lost") when the server or the network ended it.
        """
        try:
            self._connection.poll()
        except psycopg2.Error as error:
            raise UnavailableError("connection_lost") from error
        heard = []
        while self._connection.notifies:
            payload = self._connection.notifies.pop(0).payload
            change = TableChange.from_payload(payload)
            if change is None:
                _log.warning("payload_not_understood", channel=CHANNEL)
            else:
                heard.append(change)
        if self._connection.closed:
            raise UnavailableError("connection_lost")
        return heard

    def close(self) -> None:
        self._connection.close()
