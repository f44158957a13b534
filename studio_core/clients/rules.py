"""What may be said of a client, and how it is kept: phone in E.164, CPF as eleven digits."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from studio_core.errors import RuleError
from studio_core.findings import Finding
from studio_core.people.rules import email_address

REGION = "BR"
FLAG_KINDS = ("allergy", "behaviour", "other")
SEVERITIES = ("info", "warning", "danger")
LIMITS = {"name": 200, "social_name": 200, "address": 400, "notes": 4000}
FLAG_LIMIT = 200

_INSTAGRAM = re.compile(r"[a-z0-9._]{1,30}")
_INSTAGRAM_ADDRESS = re.compile(r"^(https?://)?(www\.)?instagram\.com/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClientDraft:
    """A client as typed: any way of writing a phone, a CPF, an Instagram name."""

    name: str
    social_name: str | None = None
    phone: str | None = None
    email: str | None = None
    cpf: str | None = None
    birth_date: date | None = None
    instagram: str | None = None
    address: str | None = None
    notes: str | None = None
    whatsapp_opt_in: bool = False


def phone_e164(typed: str) -> str:
    """ "(11) 98812-4471" as +5511988124471; a number with + may be of any country.

    Raises RuleError("phone_invalid").
    """
    text = typed.strip()
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException:
        raise RuleError("phone_invalid", text=text) from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise RuleError("phone_invalid", text=text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def phone_shown(e164: str) -> str:
    """+5511988124471 as (11) 98812-4471; a number of another country with its +."""
    if re.fullmatch(r"\+55\d{10,11}", e164):
        area, local = e164[3:5], e164[5:]
        return f"({area}) {local[:-4]}-{local[-4:]}"
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def cpf_digits(typed: str) -> str:
    """ "529.982.247-25" as its eleven digits, the last two checked.

    A number of one repeated digit passes the arithmetic and is never given out: refused.
    Raises RuleError("cpf_invalid").
    """
    text = typed.strip()
    digits = re.sub(r"[.\-/\s]", "", text)
    if not re.fullmatch(r"[0-9]{11}", digits) or len(set(digits)) == 1:
        raise RuleError("cpf_invalid", text=text)
    for length in (9, 10):
        weighed = sum(int(d) * (length + 1 - i) for i, d in enumerate(digits[:length]))
        if int(digits[length]) != weighed * 10 % 11 % 10:
            raise RuleError("cpf_invalid", text=text)
    return digits


def cpf_shown(digits: str) -> str:
    """52998224725 as 529.982.247-25."""
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def instagram_handle(typed: str) -> str:
    """The bare name, from @name or an address. Raises RuleError("instagram_invalid")."""
    text = typed.strip()
    handle = _INSTAGRAM_ADDRESS.sub("", text).split("?")[0].strip("/").removeprefix("@").lower()
    if not _INSTAGRAM.fullmatch(handle):
        raise RuleError("instagram_invalid", text=text)
    return handle


_READERS: dict[str, Callable[[str], str]] = {
    "phone": phone_e164,
    "email": email_address,
    "cpf": cpf_digits,
    "instagram": instagram_handle,
}


def client_findings(draft: ClientDraft, *, today: date) -> tuple[Finding, ...]:
    """Everything that is wrong with a client; empty when it may be saved. today: the studio's."""
    findings = []
    if not draft.name.strip():
        findings.append(Finding("name", "name_required"))
    for field, limit in LIMITS.items():
        if len(getattr(draft, field) or "") > limit:
            findings.append(Finding(field, "text_too_long", {"limit": limit}))
    for field, read in _READERS.items():
        typed = getattr(draft, field)
        if typed and typed.strip():
            try:
                read(typed)
            except RuleError as error:
                findings.append(Finding(field, error.code, error.params))
    if draft.birth_date is not None and draft.birth_date > today:
        findings.append(Finding("birth_date", "birth_date_future"))
    return tuple(findings)


def tidied(draft: ClientDraft) -> ClientDraft:
    """The draft as the database keeps it. Only for one that client_findings() has passed."""

    def text_of(field: str) -> str | None:
        typed = (getattr(draft, field) or "").strip()
        return _READERS.get(field, str)(typed) if typed else None

    return replace(
        draft,
        name=" ".join(draft.name.split()),
        social_name=" ".join((draft.social_name or "").split()) or None,
        phone=text_of("phone"),
        email=text_of("email"),
        cpf=text_of("cpf"),
        instagram=text_of("instagram"),
        address=text_of("address"),
        notes=text_of("notes"),
    )


def flag_findings(*, kind: str, severity: str, note: str) -> tuple[Finding, ...]:
    """Everything that is wrong with a flag."""
    findings = []
    if kind not in FLAG_KINDS:
        findings.append(Finding("kind", "flag_unknown"))
    if severity not in SEVERITIES:
        findings.append(Finding("severity", "flag_unknown"))
    if not note.strip():
        findings.append(Finding("note", "reason_required"))
    elif len(note) > FLAG_LIMIT:
        findings.append(Finding("note", "text_too_long", {"limit": FLAG_LIMIT}))
    return tuple(findings)
