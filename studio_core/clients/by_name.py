"""Clients that a search finds, in the order of their names.

No single plan is fast for every search of a million clients: walking the names is, where many are
found, but never comes to the many Zildas under Z; collecting all that are found and sorting them
is, where they are few. So names that begin as typed come first, straight from the index, and the
others are looked for near by before they are collected.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from studio_core.clients.models import Client
from studio_core.clients.search import Search, others
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page

T = TypeVar("T")

NEAR = 10_000
"""How many names are walked before those found are collected instead."""

_BEGINNING, _OTHERS = 0, 1


def page_by_name(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    search: Search,
    *,
    descending: bool,
    after: Cursor | None,
    limit: int,
    row: Callable[[Row[Any]], T],
) -> Page[T]:
    """Those whose name begins with what was typed first, then the others."""
    order = KeyOrder(Client.name_key, Client.id, descending=descending)
    stage, behind = (after[0], after[1:] or None) if after else (_BEGINNING, None)
    first: Page[T] = Page((), None)
    if stage == _BEGINNING and search.beginning is not None:
        found = statement.where(search.beginning, *search.beside)
        first = fetch_page(session, found, order, after=behind, limit=limit, row=row)
        if first.next is not None:
            return Page(first.rows, (_BEGINNING, *first.next))
        behind = None
    if search.begins_only:
        return first
    if len(first.rows) == limit:
        return Page(first.rows, (_OTHERS,))
    rest = _others(
        session, statement.where(*others(search)), order, behind, limit - len(first.rows), row
    )
    following = None if rest.next is None else (_OTHERS, *rest.next)
    return Page(first.rows + rest.rows, following)


def _others(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    order: KeyOrder,
    after: Cursor | None,
    limit: int,
    row: Callable[[Row[Any]], T],
) -> Page[T]:
    near = select(Client.name_key).order_by(*order.order_by()).limit(NEAR)
    if after is not None:
        near = near.where(order.behind(after))
    names = near.subquery().c.name_key
    furthest = func.min(names) if order.descending else func.max(names)
    count, bound = session.execute(select(func.count(), furthest)).one()
    found = statement
    if count == NEAR:
        found = statement.where(
            Client.name_key >= bound if order.descending else Client.name_key <= bound
        )
    page = fetch_page(session, found, order, after=after, limit=limit, row=row)
    if page.next is not None or count < NEAR:
        return page
    # An expression that no index knows: the names are sorted after they were found.
    collected = KeyOrder(Client.name_key.concat(""), Client.id, descending=order.descending)
    return fetch_page(session, statement, collected, after=after, limit=limit, row=row)
