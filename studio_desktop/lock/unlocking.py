"""Whether what was typed at a locked desk is the person's own secret. Runs off the UI thread."""

import hmac

from studio_core.db.credential import Credential
from studio_core.db.engine import Database
from studio_core.errors import RuleError, UnavailableError
from studio_core.people.pins import own_pin_opens


def check_password(database: Database, credential: Credential, typed: str) -> None:
    """The database decides; while it is away, what signed in here does.

    So a changed password counts at once, and a lost network keeps nobody from a typed form.
    Raises RuleError("unlock_refused").
    """
    role, password = credential.login()
    try:
        with Database(
            database.url,
            application_name="studio-desktop unlock",
            pool_size=1,
            credential=Credential(role, typed),
        ) as own:
            own.check()
    except UnavailableError:
        if not hmac.compare_digest(typed.encode(), password.encode()):
            raise RuleError("unlock_refused") from None
    except RuleError as error:
        raise RuleError("unlock_refused") from error


def check_pin(database: Database, typed: str) -> None:
    """Of somebody who came with Google. The database counts the tries, on every computer.

    Raises RuleError: unlock_refused, pin_wait; UnavailableError.
    """
    with database.transaction() as session:
        opens = own_pin_opens(session, pin=typed)
    if not opens:
        raise RuleError("unlock_refused")
