"""What reading clients gives back."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know before the needle touches. kind: allergy, behaviour, other. severity:
    info, warning, danger."""

    id: int
    kind: str
    severity: str
    note: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client as a list shows it. last_visit: the studio's day. total: BRL paid in all, None
    for a reader who may not see closed months."""

    id: int
    name: str
    social_name: str | None
    phone: str | None
    last_visit: date | None
    sessions: int
    total: Decimal | None
    flags: tuple[Flag, ...]
    version: int

    @property
    def shown_name(self) -> str:
        """What the person is called by."""
        return self.social_name or self.name


@dataclass(frozen=True, slots=True)
class ClientDetail:
    """Everything about one client. phone in E.164, cpf as digits, the rest as in ClientRow."""

    id: int
    name: str
    social_name: str | None
    phone: str | None
    email: str | None
    cpf: str | None
    birth_date: date | None
    instagram: str | None
    address: str | None
    notes: str | None
    whatsapp_opt_in: bool
    created_at: datetime
    updated_at: datetime
    version: int
    last_visit: date | None
    sessions: int
    total: Decimal | None
    flags: tuple[Flag, ...]

    @property
    def shown_name(self) -> str:
        return self.social_name or self.name


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A session, or a payment without one, on the studio's day.

    type: of the session. what: its project, the note of a payment. status: of the session, or
    the method of the payment. amount: BRL paid, or None when nothing was (yet).
    """

    kind: Literal["session", "payment"]
    id: int
    day: date
    type: str | None
    what: str | None
    artist_name: str
    artist_colour: int
    status: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class SimilarClient:
    """Somebody who may be the same person. reasons: of "cpf", "phone", "name"."""

    id: int
    name: str
    phone: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """exact False: an estimate of a large table, or "at least" for a search that finds many."""

    number: int
    exact: bool
