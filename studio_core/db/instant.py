"""Looking at one instant of a database, without changing anything."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from studio_core.db.engine import Database


@contextmanager
def one_instant(database: Database) -> Iterator[Session]:
    """A transaction that sees one instant and that the database lets change nothing.

    Without the one instant a closing that commits meanwhile would look like a fault.
    """
    with database.connection() as connection:
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            with Session(connection) as session:
                yield session
        finally:
            connection.exec_driver_sql("ROLLBACK")
