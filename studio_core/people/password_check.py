"""Whether an e-mail and a password belong together: PostgreSQL is asked, by signing in there.

The same is done for an account that does not exist, down to the bytes on the wire: PostgreSQL
goes through SCRAM with an invented salt, so neither its answer nor its time tells.
"""

from dataclasses import dataclass

from sqlalchemy import URL

from studio_core.db.probe import probing
from studio_core.errors import RuleError
from studio_core.people.logins import login_role

_WHO = "SELECT studio.current_user_id() AS id, studio.must_change_password() AS must_change"
# pg_hba.conf may let everybody in from the database's own computer: what proves nothing is refused.
_ONLY_SCRAM = {"require_auth": "scram-sha-256"}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whose password was right. must_change: it was a one-time one."""

    role: str
    user_id: int
    must_change: bool


def check_password(url: URL, *, email: str, password: str, within_s: float) -> SignedIn:
    """Signs in once and leaves again. url: the studio's database, as anybody.

    Raises RuleError("sign_in_refused"), and what connecting raises when it cannot be told.
    """
    role = login_role(url.database or "", email)
    own = url.set(username=role, password=password).update_query_dict(_ONLY_SCRAM)
    with probing(own, application_name="studio-jobs sign-in", within_s=within_s) as probe:
        found = probe.row(_WHO)
    if found["id"] is None:
        raise RuleError("sign_in_refused")
    return SignedIn(role, found["id"], found["must_change"])
