"""Adding and changing people, and letting them sign in."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studio_core.db.constraints import broken_constraint
from studio_core.db.requests import once
from studio_core.errors import ConflictError, RuleError
from studio_core.findings import Finding, FindingsError, refuse_if_any
from studio_core.people.logins import password_verifier
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

    Their logins follow: another access gives other rights, a new e-mail needs a new password
    (people/access.py), who left or lost their access can sign in no more. What they had running
    ends in all these cases.
    Raises FindingsError, ConflictError(current: PersonRow), RuleError("last_owner").
    """
    refuse_if_any(person_findings(draft))

    def change() -> dict[str, Any]:
        current = _held_person(session, user_id)
        if current.version != version:
            raise ConflictError(current=current)
        values = _values(draft)
        email, access, active = (values.pop(name) for name in ("email", "access", "active"))
        _written(session, update(User).where(User.id == user_id).values(values))
        if (current.email, current.access) != (email, access):
            _written(session, select(func.studio.change_access(user_id, email, access)))
        if current.active != active:
            set_active = func.studio.enable_person if active else func.studio.disable_person
            session.execute(select(set_active(user_id)))
        return {"id": user_id}

    return person_row(session, once(session, request_id, "change_person", change)["id"])


def give_login(session: Session, *, user_id: int, password: str) -> str:
    """Lets a person sign in with their e-mail and this password, for good.

    Returns the login role. Raises RuleError: password_weak, login_without_access, not_allowed.
    """
    person = person_row(session, user_id)
    if person.email is None:
        raise RuleError("login_without_access")
    check_password_strength(password, name=person.name, email=person.email)
    verifier = password_verifier(session, person.email, password)
    role: str = session.scalars(select(func.studio.give_login(user_id, verifier))).one()
    return role


def set_up_owner(session: Session, *, name: str, email: str, password: str) -> str:
    """Makes the studio's first owner, who can sign in at once. Returns the login role.

    Raises FindingsError, RuleError: password_weak, setup_done.
    """
    refuse_if_any(person_findings(PersonDraft(name=name, email=email, access="owner")))
    address = email_address(email)
    check_password_strength(password, name=name, email=address)
    verifier = password_verifier(session, address, password)
    try:
        role: str = session.scalars(
            select(func.studio.set_up_owner(name.strip(), address, verifier))
        ).one()
    except IntegrityError as error:
        raise _known(error) from error
    return role


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


def _held_person(session: Session, user_id: int) -> PersonRow:
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    return person_row(session, user_id)


def _written(session: Session, statement: Any) -> Any:
    try:
        return session.execute(statement)
    except IntegrityError as error:
        raise _known(error) from error


def _known(error: IntegrityError) -> Exception:
    if broken_constraint(error) == "uq_users_email":
        return FindingsError([Finding("email", "email_taken")])
    return error
