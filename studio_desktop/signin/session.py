"""From a login to an open database. Runs off the UI thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from studio_core.db.credential import Credential
from studio_core.db.engine import Database
from studio_core.db.migrations import check_program
from studio_core.observability import correlation_id
from studio_core.people.logins import login_role
from studio_core.people.queries import signed_in_person
from studio_core.settings.models import Setting
from studio_core.settings.queries import setting
from studio_core.settings.values import LOCK_AFTER_MINUTES
from studio_desktop.tasks.runner import POOL_SIZE

if TYPE_CHECKING:
    from studio_core.people.queries import Person
    from studio_desktop.signin.google.session import GoogleSession

APPLICATION_NAME = "studio-desktop"
NAME_KEY, ZONE_KEY = "studio_name", "time_zone"
ZONE = "America/Sao_Paulo"
REFUSED = "sign_in_refused"
"""The code of a login that the database does not take (any more)."""


@dataclass(frozen=True)
class SignedIn:
    """An open database with the rights of one person.

    credential: what it signs in with; to be told of a newer password. google: None where the
    person typed theirs. lock_after_min: how long nobody is there before the desk locks; 0: never.
    """

    database: Database
    credential: Credential
    person: "Person"
    studio: str
    zone: ZoneInfo
    google: "GoogleSession | None" = None
    lock_after_min: int = LOCK_AFTER_MINUTES.default


def sign_in(address: URL, email: str, password: str) -> SignedIn:
    """With one's own password. Raises StudioError: who may not come in learns no more than that."""
    return open_studio(address, Credential(login_role(address.database or "", email), password))


def open_studio(address: URL, credential: Credential) -> SignedIn:
    """Raises StudioError."""
    database = Database(
        address,
        application_name=APPLICATION_NAME,
        pool_size=POOL_SIZE,
        correlation=correlation_id,
        credential=credential,
    )
    try:
        with database.transaction() as session:
            check_program(session)
            person = signed_in_person(session)
            studio, zone = _studio_facts(session)
            lock_after_min = setting(session, LOCK_AFTER_MINUTES)
    except BaseException:
        database.close()
        raise
    return SignedIn(database, credential, person, studio, zone, lock_after_min=lock_after_min)


def _studio_facts(session: Session) -> tuple[str, ZoneInfo]:
    """The studio's name and its zone, which every desk shares."""
    wanted = select(Setting.key, Setting.value).where(Setting.key.in_((NAME_KEY, ZONE_KEY)))
    known: dict[str, object] = {row.key: row.value for row in session.execute(wanted)}
    return str(known.get(NAME_KEY) or ""), ZoneInfo(str(known.get(ZONE_KEY) or ZONE))
