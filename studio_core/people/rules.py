"""What may be said of a person of the studio."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from studio_core.errors import RuleError
from studio_core.findings import Finding
from studio_core.people.models import ACCESS_LEVELS

NAME_LIMIT = 200
EMAIL_LIMIT = 254
COLOURS = 8
"""How many colours tell artists apart; a person's is a number below."""
PASSWORD_LENGTH = 10
STRONG_LENGTH = 16

Strength = Literal["weak", "good", "strong"]

# One @, no spaces, a dot in the domain: whether it exists, only a letter sent there can tell.
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s.,;:_]+(\.[^@\s.,;:_]+)+")


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person as typed. access None: never signs in. commission_percent: 0 to 100."""

    name: str
    email: str | None = None
    access: str | None = None
    is_artist: bool = False
    commission_percent: Decimal = Decimal(0)
    colour: int = 0
    active: bool = True


def email_address(typed: str) -> str:
    """The address without stray spaces. Raises RuleError("email_invalid")."""
    address = typed.strip()
    if len(address) > EMAIL_LIMIT or not _EMAIL.fullmatch(address):
        raise RuleError("email_invalid", text=address)
    return address


def person_findings(draft: PersonDraft) -> tuple[Finding, ...]:
    """Everything that is wrong with a person; empty when they may be saved."""
    findings = []
    if not draft.name.strip():
        findings.append(Finding("name", "name_required"))
    elif len(draft.name) > NAME_LIMIT:
        findings.append(Finding("name", "text_too_long", {"limit": NAME_LIMIT}))
    if draft.email and draft.email.strip():
        try:
            email_address(draft.email)
        except RuleError as error:
            findings.append(Finding("email", error.code, error.params))
    elif draft.access is not None:
        findings.append(Finding("email", "email_required"))
    if draft.access is not None and draft.access not in ACCESS_LEVELS:
        findings.append(Finding("access", "login_without_access"))
    if not 0 <= draft.commission_percent <= 100:
        findings.append(Finding("commission_percent", "percent_out_of_range"))
    return tuple(findings)


def check_password_strength(password: str, *, name: str, email: str) -> None:
    """Length, and more than the person's own name or e-mail; no riddles of signs and capitals.

    Raises RuleError("password_weak").
    """
    plain = password.strip().lower()
    own_words = {part for part in re.split(r"[^\w]+", f"{name} {email}".lower()) if len(part) > 2}
    rest = plain
    for word in sorted(own_words, key=len, reverse=True):
        rest = rest.replace(word, "")
    too_short = len(password) < PASSWORD_LENGTH
    if too_short or len(re.sub(r"[\W\d_]", "", rest)) + len(set(rest)) < 5 or len(set(plain)) < 4:
        raise RuleError("password_weak", length=PASSWORD_LENGTH)


def password_strength(password: str, *, name: str, email: str) -> Strength:
    """How good a password is while it is typed: weak is what check_password_strength refuses."""
    try:
        check_password_strength(password, name=name, email=email)
    except RuleError:
        return "weak"
    return "strong" if len(password) >= STRONG_LENGTH and len(set(password)) >= 8 else "good"
