"""One of many: of all the servers on one database, one does a piece of work at a time.

The lock belongs to a connection of its own. When its process dies, however, the database frees it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from studio_core.db.engine import Database

_LOCK = text("SELECT pg_try_advisory_lock(hashtext('studio.leader'), hashtext(:name))")


@contextmanager
def leadership(database: Database, name: str) -> Iterator[bool]:
    """Whether the body may do the work of that name; never waits for who does it already."""
    with database.connection() as connection:
        yield bool(connection.execute(_LOCK, {"name": name}).scalar_one())
