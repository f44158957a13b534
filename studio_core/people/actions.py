"""Adding and changing people, and letting them sign in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studio_core.db.constraints import broken_constraint
from studio_core.db.requests import once
from studio_core.errors import ConflictError, RuleError
from studio_core.findings import Finding, FindingsError, refuse_if_any
from studio_core.people.logins import new_one_time_password, scram_verifier
from studio_core.people.models import User
from studio_core.people.queries import PersonRow, person_row
from studio_core.people.rules import (
    PersonDraft,
    check_password_strength,
    email_address,
    person_findings,
)


def add_person(session: Session, *, request_id: UUID, draft: PersonDraft) -> PersonRow:
    """Adds somebody to the studio, without a login. Raises FindingsError."""
    refuse_if_any(person_findings(draft))

    def add() -> dict[str, Any]:
        added = insert(User).values(_values(draft)).returning(User.id)
        return {"id": _written(session, added).scalar_one()}

    return person_row(session, once(session, request_id, "add_person", add)["id"])


def change_person(
    session: Session, *, request_id: UUID, user_id: int, version: int, draft: PersonDraft
) -> PersonRow:
    """Changes somebody. version: of the row that was read.

    A new e-mail or access needs a new login (give_login); a person who left, or lost e-mail or
    access, can sign in no more.
    Raises FindingsError, ConflictError(current: PersonRow), RuleError("last_owner").
    """
    refuse_if_any(person_findings(draft))

    def change() -> dict[str, Any]:
        _hold_owners(session)
        current = _held_person(session, user_id)
        if current.version != version:
            raise ConflictError(current=current)
        if _is_owner(current) and not _is_owner(draft) and not _other_owners(session, user_id):
            raise RuleError("last_owner")
        _written(session, update(User).where(User.id == user_id).values(_values(draft)))
        if _login_of(current) != _login_of(draft):
            session.execute(select(func.studio.withdraw_logins(user_id)))
        return {"id": user_id}

    return person_row(session, once(session, request_id, "change_person", change)["id"])


def give_login(session: Session, *, user_id: int, password: str) -> str:
    """Lets a person sign in with their e-mail and this password, or gives them a new one.

    Returns the login role. Raises RuleError: password_weak, login_without_access, not_allowed.
    """
    person = person_row(session, user_id)
    if person.email is None:
        raise RuleError("login_without_access")
    check_password_strength(password, name=person.name, email=person.email)
    verifier = _verifier(session, person.email, password)
    role: str = session.scalars(select(func.studio.give_login(user_id, verifier))).one()
    return role


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """password: to be handed over, kept nowhere."""

    password: str
    valid_until: datetime


def give_one_time_password(session: Session, *, user_id: int) -> OneTimePassword:
    """PLACEHOLDER until reset_login is there."""
    password = new_one_time_password()
    give_login(session, user_id=user_id, password=password)
    return OneTimePassword(password, datetime.now(UTC) + timedelta(hours=24))


def set_up_owner(session: Session, *, name: str, email: str, password: str) -> str:
    """Makes the studio's first owner, who can sign in at once. Returns the login role.

    Raises FindingsError, RuleError: password_weak, setup_done.
    """
    refuse_if_any(person_findings(PersonDraft(name=name, email=email, access="owner")))
    address = email_address(email)
    check_password_strength(password, name=name, email=address)
    verifier = _verifier(session, address, password)
    try:
        role: str = session.scalars(
            select(func.studio.set_up_owner(name.strip(), address, verifier))
        ).one()
    except IntegrityError as error:
        raise _known(error) from error
    return role


def _verifier(session: Session, email: str, password: str) -> str:
    role: str = session.scalars(select(func.studio.login_role(email))).one()
    return scram_verifier(session, role, password)


def _values(draft: PersonDraft) -> dict[str, Any]:
    return {
        "name": draft.name.strip(),
        "email": email_address(draft.email) if draft.email and draft.email.strip() else None,
        "access": draft.access,
        "is_artist": draft.is_artist,
        "commission_percent": draft.commission_percent,
        "colour": draft.colour,
        "active": draft.active,
    }


def _hold_owners(session: Session) -> None:
    """Two owners who dismiss each other at the same moment wait here; so does the set-up."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('studio.owners'))"))


def _held_person(session: Session, user_id: int) -> PersonRow:
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    return person_row(session, user_id)


def _is_owner(person: PersonRow | PersonDraft) -> bool:
    return person.access == "owner" and person.active


def _other_owners(session: Session, user_id: int) -> int:
    others = select(func.count()).where(User.access == "owner", User.active, User.id != user_id)
    return session.scalars(others).one()


def _login_of(person: PersonRow | PersonDraft) -> tuple[str, str] | None:
    """What a login stands on: the e-mail it is named by and the access it gives."""
    email = (person.email or "").strip().lower()
    if not person.active or person.access is None or not email:
        return None
    return email, person.access


def _written(session: Session, statement: Any) -> Any:
    try:
        return session.execute(statement)
    except IntegrityError as error:
        raise _known(error) from error


def _known(error: IntegrityError) -> Exception:
    if broken_constraint(error) == "uq_users_email":
        return FindingsError([Finding("email", "email_taken")])
    return error
