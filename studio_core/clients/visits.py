"""Clients in the order of their last visits."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from studio_core.agenda.models import VISITED, TattooSession
from studio_core.clients.figures import client_row_of
from studio_core.clients.models import Client
from studio_core.clients.rows import ClientRow
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page

_BEYOND_ALL_IDS = 2**62


def page_by_visit(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    descending: bool,
    after: Cursor | None,
    limit: int,
) -> Page[ClientRow]:
    """First those who were here, along their last visits, then the others by entry.

    Walking the sessions by their date finds the first page of a million clients without looking
    at the rest.
    """
    visit, later = aliased(TattooSession), aliased(TattooSession)
    is_last = ~(
        select(1)
        .where(
            later.client_id == visit.client_id,
            later.status.in_(VISITED),
            or_(
                later.starts_at > visit.starts_at,
                and_(later.starts_at == visit.starts_at, later.id > visit.id),
            ),
        )
        .exists()
    )
    never_here = Client.id.not_in(
        select(TattooSession.client_id).where(
            TattooSession.client_id.is_not(None), TattooSession.status.in_(VISITED)
        )
    )
    here: Page[ClientRow] = Page((), None)
    if after is None or isinstance(after[0], datetime):
        here = fetch_page(
            session,
            statement.join(visit, visit.client_id == Client.id).where(
                visit.status.in_(VISITED), is_last
            ),
            KeyOrder(visit.starts_at, visit.id, descending=descending),
            after=after,
            limit=limit,
            row=client_row_of,
        )
        if here.next is not None:
            return here
        after = None
        if len(here.rows) == limit:
            first = 0 if not descending else _BEYOND_ALL_IDS
            return Page(here.rows, (first, first))
    rest = fetch_page(
        session,
        statement.where(never_here),
        KeyOrder(Client.id, Client.id, descending=descending),
        after=after,
        limit=limit - len(here.rows),
        row=client_row_of,
    )
    return Page(here.rows + rest.rows, rest.next)
