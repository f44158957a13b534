"""Logins for the demo studio's people."""

from sqlalchemy import select

from studio_core.db.engine import Database
from studio_core.demo.cast import OWNER
from studio_core.errors import RuleError
from studio_core.people.actions import give_login
from studio_core.people.logins import login_role
from studio_core.people.models import User


def give_logins(database: Database, password: str) -> None:
    """Everyone with an access signs in with this password; nothing is done where they do already.

    database: a superuser's.
    """
    if _owner_signs_in(database, password):
        return
    with database.transaction() as session:
        for user_id in session.scalars(select(User.id).where(User.access.is_not(None))).all():
            give_login(session, user_id=user_id, password=password)


def _owner_signs_in(database: Database, password: str) -> bool:
    login = login_role(str(database.url.database), str(OWNER.email))
    address = database.url.set(username=login, password=password)
    with Database(address, application_name=database.application_name, pool_size=1) as own:
        try:
            own.check()
        except RuleError:
            return False
    return True
