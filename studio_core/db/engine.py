"""The only place that opens connections: a pool for transactions, single connections for jobs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self

import psycopg2
from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from studio_core.db.address import connect_arguments, normalise_url
from studio_core.db.credential import Credential
from studio_core.db.errors import translating
from studio_core.db.measured import MeasuredConnection
from studio_core.observability.correlation import correlation_id
from studio_core.observability.statements import PROCESS_WATCH, StatementWatch

__all__ = ["Database", "normalise_url", "raw_connection"]

# A desk that vanished is noticed within about a minute, by either side.
KEPT_ALIVE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_NAME_LIMIT = 63


class Database:
    """One database as one login role, for one program.

    application_name: shown in pg_stat_activity, with the correlation id behind it.
    correlation: asked once a transaction for the id that the audit rows keep, None for no id; by
    default the one of the current context.
    credential: signs in instead of the address's own user and password, asked anew for every
    connection.
    watch: what its statements are measured by, None for none.
    Nothing is connected before the first use.
    """

    def __init__(
        self,
        url: URL | str,
        *,
        application_name: str,
        pool_size: int = 5,
        correlation: Callable[[], str | None] = correlation_id,
        credential: Credential | None = None,
        watch: StatementWatch | None = PROCESS_WATCH,
    ) -> None:
        self._url = normalise_url(url)
        self._credential = credential
        self.application_name = application_name
        self._correlation = correlation
        self.engine = _engine(self._url, application_name, pool_size, watch)
        event.listen(self.engine, "do_connect", self._on_connect)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self._sessions, "after_begin", self._on_begun)

    @property
    def url(self) -> URL:
        """The address with the login of this moment, for connections beside the pool."""
        if self._credential is None:
            return self._url
        role, password = self._credential.login()
        return self._url.set(username=role, password=password)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One READ COMMITTED transaction: commits at the end, rolls back on any exception.

        Raises StudioError for what the database refused or could not do; other exceptions of
        the driver are bugs and pass as they are.
        """
        with translating(), self._sessions.begin() as session:
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection of its own in autocommit, really closed at the end.

        So advisory locks, LISTEN and SET of the session end with it and never reach the pool.
        """
        with translating(), self.engine.connect() as pooled:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            yield connection

    def check(self) -> None:
        """Connects once. Raises what is wrong with the address, the password or the server."""
        with translating(), self.engine.connect():
            pass

    def renew_connections(self) -> None:
        """Open anew what is not in use: whoever the credential names now is asked as from here."""
        self.engine.dispose()

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _on_connect(
        self, _dialect: object, _record: object, _arguments: object, named: dict[str, Any]
    ) -> None:
        if self._credential is not None:
            named["user"], named["password"] = self._credential.login()

    def _on_begun(
        self, _session: Session, _transaction: SessionTransaction, connection: Connection
    ) -> None:
        known_id = self._correlation()
        if known_id is None:
            return
        name = f"{self.application_name} {known_id}"[:_NAME_LIMIT]
        connection.exec_driver_sql(
            "SELECT set_config('studio.correlation_id', %s, true),"
            " set_config('application_name', %s, true)",
            (known_id, name),
        )


def raw_connection(
    url: URL | str, *, application_name: str, watch: StatementWatch = PROCESS_WATCH
) -> RawConnection:
    """A psycopg2 connection in autocommit, outside any pool; the caller closes it."""
    arguments = connect_arguments(normalise_url(url))
    with translating():
        connection: RawConnection = psycopg2.connect(
            **_with_options({**KEPT_ALIVE, **arguments, "application_name": application_name}),
            connection_factory=partial(MeasuredConnection, watch),
        )
    connection.autocommit = True
    return connection


def _engine(
    url: URL, application_name: str, pool_size: int, watch: StatementWatch | None
) -> Engine:
    arguments = _with_options(
        {**KEPT_ALIVE, **connect_arguments(url), "application_name": application_name}
    )
    if watch is not None:
        arguments["connection_factory"] = partial(MeasuredConnection, watch)
    return create_engine(
        url,
        connect_args=arguments,
        isolation_level="READ COMMITTED",
        use_native_hstore=False,
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        # Values may be names, health answers or passwords: they never reach an error text.
        hide_parameters=True,
    )


def _with_options(arguments: dict[str, Any]) -> dict[str, Any]:
    """Adds UTC and UTF-8 for the session, sent with the connection rather than as a statement.

    Whatever libpq's own variables say: a backup's text must be the same from every computer.
    """
    given = arguments.get("options", "")
    return {
        **arguments,
        "client_encoding": "utf8",
        "options": f"{given} -c TimeZone=UTC".strip(),
    }
