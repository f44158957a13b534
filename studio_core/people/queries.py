"""Who works at the studio, and who is asking."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.people.models import User


@dataclass(frozen=True, slots=True)
class Person:
    """The person behind a connection."""

    id: int
    name: str
    access: str
    is_artist: bool
    email: str
    must_change_password: bool = False
    """They signed in with a one-time password, which ends soon."""


@dataclass(frozen=True, slots=True)
class Artist:
    """colour: place in the set of eight. commission_percent: the default of new payments."""

    id: int
    name: str
    colour: int
    commission_percent: Decimal


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Anyone of the studio, also those who left."""

    id: int
    name: str
    email: str | None
    access: str | None
    is_artist: bool
    commission_percent: Decimal
    colour: int
    active: bool
    version: int


_ROW = (
    User.id,
    User.name,
    User.email,
    User.access,
    User.is_artist,
    User.commission_percent,
    User.colour,
    User.active,
    User.version,
)


def signed_in_person(session: Session) -> Person:
    """Who this connection belongs to. Raises RuleError("sign_in_refused") when it is nobody's, or
    somebody's who left or lost their access."""
    found = session.execute(
        select(
            User.id,
            User.name,
            User.access,
            User.is_artist,
            User.email,
            func.studio.must_change_password().label("must_change"),
        ).where(User.id == func.studio.current_user_id(), User.active)
    ).one_or_none()
    if found is None or found.access is None or found.email is None:
        raise RuleError("sign_in_refused")
    return Person(
        found.id, found.name, found.access, found.is_artist, found.email, found.must_change
    )


def list_artists(session: Session) -> tuple[Artist, ...]:
    """The artists who work here now, by name."""
    found = session.execute(
        select(User.id, User.name, User.colour, User.commission_percent)
        .where(User.is_artist, User.active)
        .order_by(func.studio.fold(User.name), User.id)
    )
    return tuple(Artist(*row) for row in found)


def list_people(session: Session) -> tuple[PersonRow, ...]:
    """Everyone, those who work here first, by name."""
    found = session.execute(
        select(*_ROW).order_by(User.active.desc(), func.studio.fold(User.name), User.id)
    )
    return tuple(PersonRow(*row) for row in found)


def person_row(session: Session, user_id: int) -> PersonRow:
    """Raises RuleError("no_such_person")."""
    found = session.execute(select(*_ROW).where(User.id == user_id)).one_or_none()
    if found is None:
        raise RuleError("no_such_person")
    return PersonRow(*found)
