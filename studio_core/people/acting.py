"""Acting as a person on the program's own connection: their grants and row security decide."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.observability.route import acting_as


@contextmanager
def act_as(session: Session, role: str) -> Iterator[None]:
    """Until the transaction ends the session has the rights of that login role, and no others.

    role: as the database told it, never as a caller wrote it. The block is the rest of the
    transaction. Audit rows and slow-query alerts name both logins.
    """
    session.execute(select(func.set_config("role", role, True)))
    with acting_as(role):
        yield
