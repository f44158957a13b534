"""Transactions of the HTTP side: on the server's own login, each statement bounded in time."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.db.migrations import check_program
from studio_core.errors import RuleError, UnavailableError

STATEMENT_S = 4
_BOUNDED = text(
    f"SELECT set_config('statement_timeout', '{STATEMENT_S}s', true),"
    f" set_config('lock_timeout', '{STATEMENT_S // 2}s', true)"
)


@contextmanager
def bounded_transaction(database: Database) -> Iterator[Session]:
    """Commits at the end. Raises what Database.transaction raises, and not_migrated and its like
    where the database lacks what this program needs."""
    try:
        with own_login(), database.transaction() as session:
            session.execute(_BOUNDED)
            yield session
    except ProgrammingError:
        with database.transaction() as session:
            check_program(session)
        raise


@contextmanager
def own_login() -> Iterator[None]:
    """sign_in_refused is written for a person who signs in; here it is the program's own login.

    Raises UnavailableError("database_login_refused") in its place.
    """
    try:
        yield
    except RuleError as error:
        if error.code != "sign_in_refused":
            raise
        raise UnavailableError("database_login_refused") from error
