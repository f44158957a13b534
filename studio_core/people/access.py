"""Letting people in and out: invitations, one-time passwords, their own password, leaving.

The database makes, opens and closes the login roles itself; here is what a program adds: a strong
password, turned into a verifier before it travels.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.people.logins import one_time_password, password_verifier
from studio_core.people.queries import PersonRow, person_row, signed_in_person
from studio_core.people.rules import check_password_strength

INVITATION_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """To be told to the person, once. It ends at valid_until, or when they choose their own."""

    person: PersonRow
    password: str = field(repr=False)
    valid_until: datetime


def reset_login(session: Session, *, user_id: int) -> OneTimePassword:
    """Invites a person, or lets one in again who forgot. Whatever they had running ends.

    Raises RuleError: no_such_person, login_without_access, not_allowed.
    """
    person = person_row(session, user_id)
    if person.email is None:
        raise RuleError("login_without_access")
    password = one_time_password()
    verifier = password_verifier(session, person.email, password)
    now: datetime = session.scalars(select(func.now())).one()
    until = now + INVITATION_LASTS
    session.execute(select(func.studio.reset_login(user_id, verifier, until)))
    return OneTimePassword(person, password, until)


def change_own_password(session: Session, *, password: str) -> None:
    """Gives whoever is signed in another password, in place of the one they signed in with.

    Raises RuleError: password_weak, no_own_password for somebody who came with Google.
    """
    person = signed_in_person(session)
    check_password_strength(password, name=person.name, email=person.email)
    verifier = password_verifier(session, person.email, password)
    session.execute(select(func.studio.change_own_password(verifier)))


def disable_person(session: Session, *, user_id: int) -> PersonRow:
    """Shuts somebody out at once, on every device; what they booked stays theirs.

    Raises RuleError: no_such_person, last_owner, not_allowed.
    """
    session.execute(select(func.studio.disable_person(user_id)))
    return person_row(session, user_id)


def enable_person(session: Session, *, user_id: int) -> PersonRow:
    """Lets somebody back in with the password they had. Raises as disable_person."""
    session.execute(select(func.studio.enable_person(user_id)))
    return person_row(session, user_id)


def give_google_login(
    session: Session, *, user_id: int, device: UUID, verifier: str, valid_until: datetime
) -> str:
    """For the server's jobs, once Google has said who somebody is: opens their login of one device
    until then, at most 12 hours. Returns the login role.

    Raises RuleError: login_without_access, login_too_long, too_many_devices.
    """
    role: str = session.scalars(
        select(func.studio.give_google_login(user_id, device, verifier, valid_until))
    ).one()
    return role


def end_own_login(session: Session) -> None:
    """Signing out of Google's sign-in: this device's password ends at once."""
    session.execute(select(func.studio.end_own_login()))
