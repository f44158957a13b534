"""The database that a full backup is restored into: empty before, and empty again if it fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, text

from studio_core.db.engine import Database, normalise_url
from studio_core.errors import ConfigError, RuleError, UnavailableError

_APPLICATION = "studio full restore"
_MAINTENANCE = ("postgres", "template1")
_SET_UP = text("SELECT to_regclass('public.alembic_version') IS NOT NULL")
# Who was set up, and what was booked; a server that was started meanwhile notes other things.
_USED = text(
    "SELECT EXISTS (SELECT FROM public.users) OR EXISTS (SELECT FROM public.clients)"
    " OR EXISTS (SELECT FROM public.sessions) OR EXISTS (SELECT FROM public.payments)"
    " OR EXISTS (SELECT FROM public.expenses) OR EXISTS (SELECT FROM public.extratos)"
)
_HOLDS_ANYTHING = text(
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_')"
    "  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass"
    "                  AND d.objid = c.oid AND d.deptype = 'e'))"
)
_EMPTY = (
    "DROP SCHEMA IF EXISTS archive, studio CASCADE",
    "DROP SCHEMA IF EXISTS public CASCADE",
    "CREATE SCHEMA public AUTHORIZATION pg_database_owner",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)


@contextmanager
def empty_database(admin_url: str | URL) -> Iterator[Database]:
    """The administrator's database without anything in it; made where the server has none of
    that name. Tables that were set up and never used are taken away.

    Whatever fails in the body takes all that arrived with it, and a new database as a whole.
    Raises RuleError("restore_not_empty"), and what connecting raises.
    """
    url = normalise_url(admin_url)
    made = _made(url)
    with Database(url, application_name=_APPLICATION, pool_size=2) as database:
        if not made:
            _require_unused(database)
        try:
            if not made:
                _make_empty(database)
            yield database
        except BaseException:
            database.close()
            if made:
                _on_server(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)")
            else:
                _make_empty(database)
            raise


def _made(url: URL) -> bool:
    with Database(url, application_name=_APPLICATION, pool_size=1) as database:
        try:
            database.check()
        except ConfigError as error:
            if error.code != "database_missing":
                raise
            _on_server(url, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
            return True
    return False


def _require_unused(database: Database) -> None:
    with database.transaction() as session:
        if session.scalar(_SET_UP):
            occupied = session.scalar(_USED)
        else:
            occupied = session.scalar(_HOLDS_ANYTHING)
        if occupied:
            raise RuleError("restore_not_empty", database=database.url.database)


def _make_empty(database: Database) -> None:
    with database.transaction() as session:
        for statement in _EMPTY:
            session.connection().exec_driver_sql(statement)


def _on_server(url: URL, statement: str) -> None:
    """As the administrator, beside the database itself."""
    refusal: ConfigError | None = None
    for name in _MAINTENANCE:
        with Database(url.set(database=name), application_name=_APPLICATION, pool_size=1) as beside:
            try:
                with beside.connection() as connection:
                    quoted = connection.dialect.identifier_preparer.quote(str(url.database))
                    connection.exec_driver_sql(statement.format(quoted))
                return
            except ConfigError as error:
                refusal = error
    raise refusal or UnavailableError("database_unreachable")
