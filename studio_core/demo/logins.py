"""Logins for the demo studio's people."""

from sqlalchemy import select

from studio_core.db.engine import Database
from studio_core.demo.cast import OWNER
from studio_core.demo.past import as_past
from studio_core.errors import RuleError
from studio_core.people.actions import give_login
from studio_core.people.logins import login_role
from studio_core.people.models import User

# They sign in since they came to the studio, which was set up then.
_LONG_AGO = """
    UPDATE audit_log SET at = (SELECT min(created_at) FROM users)
    WHERE table_name IN ('user_logins', 'settings')
"""


def give_logins(database: Database, password: str) -> None:
    """Everyone with an access signs in with this password; nothing is done where they do already.

    database: a superuser's.
    """
    if _owner_signs_in(database, password):
        return
    with database.transaction() as session:
        for user_id in session.scalars(select(User.id).where(User.access.is_not(None))).all():
            give_login(session, user_id=user_id, password=password)
        as_past(session, (_LONG_AGO,), {})


def _owner_signs_in(database: Database, password: str) -> bool:
    login = login_role(str(database.url.database), str(OWNER.email))
    address = database.url.set(username=login, password=password)
    with Database(address, application_name=database.application_name, pool_size=1) as own:
        try:
            own.check()
        except RuleError:
            return False
    return True
