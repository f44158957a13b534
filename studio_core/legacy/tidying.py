"""Legacy values as ours: text, money, days, methods."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from studio_core.errors import RuleError
from studio_core.money import LARGEST, cents
from studio_core.people.rules import email_address

NAMELESS = "(sem nome)"

_METHODS = {
    "dinheiro": "cash",
    "pix": "pix",
    "cartao de credito": "credit",
    "cartão de crédito": "credit",
    "cartao de debito": "debit",
    "cartão de débito": "debit",
    "outros": "other",
}
_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: object) -> str | None:
    """Text that PostgreSQL can hold, as it stands otherwise; None when there is nothing in it."""
    if text is None:
        return None
    kept = _UNENCODABLE.sub("", str(text))
    return kept if kept.strip() else None


def tidy(name: object) -> str:
    """A name without stray spaces; empty when there is none."""
    return " ".join((clean(name) or "").split())


def money(value: object) -> Decimal | None:
    """An amount to the cent; None when it is missing or no number that the books can hold."""
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) > LARGEST:
        return None
    return cents(amount)


def percent(value: object) -> Decimal | None:
    """As money(), within what the column holds."""
    found = money(value)
    return found if found is not None and abs(found) < 1000 else None


def day(value: object, zone: ZoneInfo) -> date | None:
    """The calendar day of a date, an instant (in the studio's zone) or an ISO text."""
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return None


def method(value: object) -> tuple[str, bool]:
    """Our word for a way of paying, and whether it was known; an unknown one stands as it is."""
    written = tidy(value)
    if not written:
        return "other", False
    known = _METHODS.get(written.lower())
    return (known, True) if known else (written, False)


def email(value: object) -> str | None:
    """The address, in small letters, where it is one by the rule for people; else None."""
    try:
        return email_address(tidy(value).lower())
    except RuleError:
        return None


def joined(*notes: str | None) -> str | None:
    """Notes one below the other; None when there are none."""
    return "\n".join(note for note in notes if note) or None


def month_label(day: date) -> str:
    """Like Month.label, for any year: an import meets years that no month of ours has."""
    return f"{day.year:04d}-{day.month:02d}"
