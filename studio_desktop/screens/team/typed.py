"""A person as typed into the form."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from studio_core.people.queries import PersonRow
from studio_core.people.rules import PersonDraft
from studio_desktop import formats


@dataclass(frozen=True)
class TypedPerson:
    """commission_percent: as text, "52,5"."""

    name: str = ""
    email: str = ""
    access: str | None = None
    is_artist: bool = False
    commission_percent: str = ""
    colour: int = 0

    def draft(self, *, active: bool = True) -> PersonDraft:
        """Somebody who is no artist keeps no commission. An unreadable percent is out of range,
        which the rule then says."""
        percent = percent_of(self.commission_percent) if self.is_artist else Decimal(0)
        return PersonDraft(
            name=self.name,
            email=self.email or None,
            access=self.access,
            is_artist=self.is_artist,
            commission_percent=percent if percent is not None else Decimal(-1),
            colour=self.colour,
            active=active,
        )


def percent_of(text: str) -> Decimal | None:
    """None for what is no number with at most two decimals; nothing typed is 0."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    if not plain:
        return Decimal(0)
    if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value == value.quantize(Decimal("0.01")) else None


def from_person(row: PersonRow) -> TypedPerson:
    # As a person types it: the field itself says that it is a percentage.
    percent = formats.percent(row.commission_percent).split()[0] if row.is_artist else ""
    return TypedPerson(
        name=row.name,
        email=row.email or "",
        access=row.access,
        is_artist=row.is_artist,
        commission_percent=percent,
        colour=row.colour,
    )
