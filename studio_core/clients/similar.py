"""Who may be one person entered twice. They are named, never merged."""

from collections.abc import Callable
from typing import cast

from sqlalchemy import ColumnElement, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from studio_core.clients.models import Client
from studio_core.clients.rows import SimilarClient
from studio_core.clients.rules import cpf_digits, phone_e164
from studio_core.clients.search import contains
from studio_core.errors import RuleError

ALIKE = 0.55
"""From which similarity two names, folded, may be one person's; 1 for equal ones."""


def similar_clients(
    session: Session,
    *,
    name: str,
    phone: str | None = None,
    cpf: str | None = None,
    except_id: int | None = None,
    limit: int = 5,
) -> tuple[SimilarClient, ...]:
    """Who may be the same person: the same CPF, the same phone, a similar name; surest first.

    phone, cpf: as typed; what is not (yet) valid matches nobody.
    """
    reasons: dict[str, ColumnElement[bool]] = {}
    if (digits := _valid(cpf_digits, cpf)) is not None:
        reasons["cpf"] = Client.cpf == digits
    if (number := _valid(phone_e164, phone)) is not None:
        reasons["phone"] = Client.phone == number
    if len(name.split()) > 1:
        reasons["name"] = _alike(name)
    if not reasons:
        return ()
    # One lookup for each reason: an OR over three indexes would read the whole table.
    lookups = [
        select(Client.id.label("id"), literal(place).label("place"))
        .where(condition, Client.id != (except_id or 0))
        .order_by(_likeness(name).desc(), Client.id)
        .limit(limit)
        for place, condition in enumerate(reasons.values())
    ]
    hits = union_all(*lookups).subquery()
    found = session.execute(
        select(
            Client.id,
            func.coalesce(Client.social_name, Client.name),
            Client.phone,
            func.array_agg(hits.c.place),
        )
        .join(hits, hits.c.id == Client.id)
        .group_by(Client.id)
        .order_by(func.min(hits.c.place), _likeness(name).desc(), Client.id)
        .limit(limit)
    )
    names = tuple(reasons)
    return tuple(
        SimilarClient(row[0], row[1], row[2], tuple(names[place] for place in sorted(row[3])))
        for row in found
    )


def _likeness(name: str) -> ColumnElement[int]:
    return cast("ColumnElement[int]", func.similarity(Client.name_key, func.studio.fold(name)))


def _alike(name: str) -> ColumnElement[bool]:
    """Similar, and its longest words begin alike: that much an index can tell."""
    words = sorted((word for word in name.split() if len(word) >= 3), key=len, reverse=True)
    if not words:
        return Client.name_key == func.studio.fold(name)
    return and_(*(contains(word[:3]) for word in words[:2]), _likeness(name) >= ALIKE)


def _valid(read: Callable[[str], str], typed: str | None) -> str | None:
    try:
        return read(typed) if typed and typed.strip() else None
    except RuleError:
        return None
