"""How to reach clients: the list for programs outside, paged by key like every other."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from studio_core.clients.by_name import page_by_name
from studio_core.clients.models import Client
from studio_core.clients.search import search_for
from studio_core.db.paging import Cursor, KeyOrder, fetch_page
from studio_core.errors import RuleError

_LARGEST_ID = 2**63 - 1
_LONGEST_KEY = 1_000


@dataclass(frozen=True, slots=True)
class Contact:
    """phone in E.164."""

    id: int
    name: str
    social_name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class ContactPage:
    """next: pass it back as after= with the same search; None on the last page."""

    contacts: tuple[Contact, ...]
    next: str | None


def page_of_contacts(
    session: Session, *, search: str, after: str | None, limit: int
) -> ContactPage:
    """By name; of those found, the names that begin with what was typed come first.

    search: see clients/search.py; all clients for an empty one. after: empty for the first page.
    Raises RuleError("no_such_page") for an after= that is none of this search's.
    """
    found = search_for(search)
    staged = bool(found.conditions)
    behind = _read(after, staged=staged) if after else None
    statement = select(Client.id, Client.name, Client.social_name, Client.phone, Client.email)
    if staged:
        page = page_by_name(
            session,
            statement,
            found,
            descending=False,
            after=behind,
            limit=limit,
            row=_contact,
        )
    else:
        order = KeyOrder(Client.name_key, Client.id)
        page = fetch_page(session, statement, order, after=behind, limit=limit, row=_contact)
    return ContactPage(page.rows, _written(page.next) if page.next is not None else None)


def _contact(row: Row[Any]) -> Contact:
    return Contact(row.id, row.name, row.social_name, row.phone, row.email)


def _written(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")


def _read(text: str, *, staged: bool) -> Cursor:
    """staged: pages of a search begin with the number of their part."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if staged:
            stage, *place = parts
            if stage not in (0, 1) or (place and not _is_place(place)):
                raise ValueError("no such part")
        elif not _is_place(parts):
            raise ValueError("no place")
        return tuple(parts)
    except (ValueError, TypeError, RecursionError) as error:
        raise RuleError("no_such_page") from error


def _is_place(parts: Any) -> bool:
    """A sort key that PostgreSQL can be told, and an id."""
    if not isinstance(parts, list) or len(parts) != 2:
        return False
    key, number = parts
    if not isinstance(key, str) or len(key) > _LONGEST_KEY or "\0" in key:
        return False
    key.encode()  # A lone surrogate is a ValueError.
    return type(number) is int and 0 < number <= _LARGEST_ID
