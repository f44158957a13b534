"""Changing one's own password. Runs off the UI thread; raises StudioError."""

from sqlalchemy import URL

from studio_core.db.credential import Credential
from studio_core.db.engine import Database, raw_connection
from studio_core.errors import RuleError
from studio_core.people.access import change_own_password
from studio_desktop.signin.session import APPLICATION_NAME, REFUSED


def change_password(
    database: Database, credential: Credential, new: str, *, old: str | None = None
) -> None:
    """The database itself looks at the old password, by being signed in to with it.

    old: None for a one-time password, which was typed a moment ago.
    Raises RuleError: old_password_wrong, password_unchanged, password_weak.
    """
    role, known = credential.login()
    if old is not None:
        _check(database.url, old)
    if new in (old, known):
        raise RuleError("password_unchanged")
    with database.transaction() as session:
        change_own_password(session, password=new)
    credential.replace(role, new)


def _check(url: URL, old: str) -> None:
    own = url.set(password=old)
    try:
        raw_connection(own, application_name=APPLICATION_NAME).close()
    except RuleError as error:
        if error.code == REFUSED:
            raise RuleError("old_password_wrong") from None
        raise
