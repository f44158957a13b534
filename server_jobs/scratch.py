"""A database of our own on a studio's running server, for proofs: made, used, dropped."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL

from studio_core.db.engine import Database, normalise_url
from studio_core.db.migrations import migrate
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import ConfigError, RuleError

_MARK = "_scratch_"


@contextmanager
def scratch_database(admin_url: str | URL) -> Iterator[URL]:
    """The administrator's address of a new, migrated, empty database; dropped whatever happens.

    The groups of roles belong to the whole server and stand there already; no other role is made,
    and the studio's own database is only connected to, to make and drop the other.
    Raises ConfigError("scratch_not_allowed").
    """
    beside = normalise_url(admin_url)
    name = f"{str(beside.database)[:30]}{_MARK}{secrets.token_hex(6)}"
    try:
        _run(beside, "CREATE DATABASE {} TEMPLATE template0", name)
    except RuleError as error:
        if error.code != "not_allowed":
            raise
        raise ConfigError("scratch_not_allowed", login=beside.username or "-") from error
    try:
        url = beside.set(database=name)
        migrate(url)
        yield url
    finally:
        # FORCE ends what an interrupted proof left connected.
        _run(beside, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(url: URL, statement: str, name: str) -> None:
    with (
        Database(url, application_name="studio scratch", pool_size=1) as database,
        database.connection() as connection,
    ):
        allow_long_work(connection)
        quoted = connection.dialect.identifier_preparer.quote(name)
        connection.exec_driver_sql(statement.format(quoted))
