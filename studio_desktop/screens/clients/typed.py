"""A client as it stands in the form: what is typed, before it means anything."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from studio_core.clients.queries import ClientDetail
from studio_core.clients.rules import ClientDraft, cpf_shown, phone_shown
from studio_core.errors import RuleError
from studio_desktop import formats
from studio_desktop.forms.typed import changed_fields
from studio_desktop.widgets.typed_dates import parse_day


@dataclass(frozen=True)
class TypedClient:
    """birth_date: as typed, like everything else."""

    name: str = ""
    social_name: str = ""
    phone: str = ""
    cpf: str = ""
    email: str = ""
    birth_date: str = ""
    instagram: str = ""
    address: str = ""
    notes: str = ""
    whatsapp_opt_in: bool = False

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)

    def draft(self, today: date) -> ClientDraft:
        """A birth date that cannot be read stands as none: the form says so by itself."""
        values = asdict(self) | {"birth_date": read_day(self.birth_date, today)}
        return ClientDraft(**values)


def read_day(typed: str, today: date) -> date | None:
    try:
        return parse_day(typed, today)
    except RuleError:
        return None


def from_kept(kept: dict[str, Any]) -> TypedClient:
    """Whatever of it is still understood."""
    kinds: dict[str, type] = {
        one.name: bool if one.name == "whatsapp_opt_in" else str for one in fields(TypedClient)
    }
    taken: dict[str, Any] = {
        name: value
        for name, value in kept.items()
        if isinstance(value, kinds.get(name, type(None)))
    }
    return TypedClient(**taken)


def from_detail(detail: ClientDetail) -> TypedClient:
    """As the form shows what the database keeps."""

    def shown(value: str | None, show: Callable[[str], str] = str) -> str:
        return show(value) if value else ""

    return TypedClient(
        name=detail.name,
        social_name=shown(detail.social_name),
        phone=shown(detail.phone, phone_shown),
        cpf=shown(detail.cpf, cpf_shown),
        email=shown(detail.email),
        birth_date=formats.day(detail.birth_date) if detail.birth_date else "",
        instagram=shown(detail.instagram, instagram_shown),
        address=shown(detail.address),
        notes=shown(detail.notes),
        whatsapp_opt_in=detail.whatsapp_opt_in,
    )


def instagram_shown(handle: str) -> str:
    return f"@{handle}"


def in_dispute(mine: TypedClient, before: TypedClient, theirs: TypedClient) -> tuple[str, ...]:
    """The fields that both of us changed, and not to the same."""
    my_changes = changed_fields(before, mine)
    return tuple(
        name
        for name in changed_fields(before, theirs)
        if name in my_changes and getattr(mine, name) != getattr(theirs, name)
    )
