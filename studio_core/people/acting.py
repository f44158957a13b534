"""Acting as a person on the program's own connection: their grants and row security decide."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def act_as(session: Session, role: str) -> None:
    """Until the transaction ends the session has the rights of that login role, and no others.

    role: as the database told it, never as a caller wrote it. Audit rows name both logins.
    """
    session.execute(select(func.set_config("role", role, True)))
