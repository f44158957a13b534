"""Letting in whom Google vouches for: a password of their own for one device, for some hours."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.people.access import give_google_login
from studio_core.people.logins import scram_verifier
from studio_core.people.models import User

LOGIN_LIFETIME = timedelta(hours=10)
"""A working day; the desktop renews it before. The database allows 12 hours."""

_HAS_LOGIN = text(
    "SELECT EXISTS (SELECT FROM user_logins WHERE kind = 'google' AND user_id = :user_id"
    " AND role_name = studio.google_role(:user_id, :device))"
)


@dataclass(frozen=True, slots=True)
class GoogleLogin:
    """What a desk signs in to PostgreSQL with until expires_at. The name is the studio's."""

    role: str
    password: str = field(repr=False)
    expires_at: datetime
    email: str
    name: str


def let_in_with_google(
    session: Session, *, email: str, device: UUID, renewing: bool
) -> GoogleLogin:
    """A fresh password for somebody who was invited, on this device alone.

    email: as Google verified it. renewing: the device must have a login of that person already.
    Raises RuleError("google_refused"), whatever it was.
    """
    person = _invited(session, email)
    if person is None or (renewing and not _has_login(session, person.id, device)):
        raise RuleError("google_refused")
    role = session.execute(select(func.studio.google_role(person.id, device))).scalar_one()
    password = secrets.token_urlsafe(32)
    verifier = scram_verifier(session, role, password)
    expires_at = session.execute(select(func.now() + LOGIN_LIFETIME)).scalar_one()
    given = give_google_login(
        session, user_id=person.id, device=device, verifier=verifier, valid_until=expires_at
    )
    return GoogleLogin(given, password, expires_at, person.email or email, person.name)


def _invited(session: Session, email: str) -> Row[int, str | None, str] | None:
    """Nobody invites themselves: there must be a person with that e-mail and an access."""
    # Beyond ASCII a capital can become another letter: the Kelvin sign is no K in an address.
    spoken = email.lower() if email.isascii() else email
    return session.execute(
        select(User.id, User.email, User.name).where(
            func.lower(User.email) == spoken, User.active, User.access.is_not(None)
        )
    ).one_or_none()


def _has_login(session: Session, user_id: int, device: UUID) -> bool:
    found: bool = session.execute(_HAS_LOGIN, {"user_id": user_id, "device": device}).scalar_one()
    return found
