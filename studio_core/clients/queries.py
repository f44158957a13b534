"""Reading clients: pages for a list, one in detail, their history, and who may be the same."""

from typing import Literal

from sqlalchemy import func, literal_column, select, table
from sqlalchemy.orm import Session

from studio_core.clients.by_name import page_by_name
from studio_core.clients.figures import (
    client_row_of,
    client_rows,
    figures,
    flags_of,
    readable_payments,
)
from studio_core.clients.history import client_history
from studio_core.clients.models import Client
from studio_core.clients.rows import (
    ClientDetail,
    ClientRow,
    Count,
    Flag,
    HistoryLine,
    SimilarClient,
)
from studio_core.clients.search import matches, search_for
from studio_core.clients.similar import similar_clients
from studio_core.clients.visits import page_by_visit
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page
from studio_core.errors import RuleError

__all__ = [
    "ClientDetail",
    "ClientOrder",
    "ClientRow",
    "Count",
    "Flag",
    "HistoryLine",
    "SimilarClient",
    "client_detail",
    "client_history",
    "client_row",
    "count_clients",
    "page_of_clients",
    "similar_clients",
]

ClientOrder = Literal["name", "newest", "last_visit"]

COUNTED_EXACTLY = 50_000
FOUND_AT_MOST = 1_000


def page_of_clients(
    session: Session,
    *,
    search: str = "",
    order: ClientOrder = "name",
    descending: bool = False,
    after: Cursor | None = None,
    limit: int = 100,
) -> Page[ClientRow]:
    """One page of the clients that a search finds, all of them for an empty one.

    search: see clients/search.py. name: of those found, the names that begin with what was typed
    come first. newest: the order of entry, so descending for the newest first. last_visit: who was
    never here comes last in both directions.
    """
    found = search_for(search)
    statement = client_rows(readable_payments(session))
    if order == "name" and found.conditions:
        return page_by_name(
            session, statement, found, descending=descending, after=after, limit=limit
        )
    statement = statement.where(*found.conditions)
    if order == "last_visit":
        return page_by_visit(session, statement, descending, after, limit)
    expression = Client.id if order == "newest" else Client.name_key
    by = KeyOrder(expression, Client.id, descending=descending)
    return fetch_page(session, statement, by, after=after, limit=limit, row=client_row_of)


def count_clients(session: Session, search: str = "") -> Count:
    """How many a search finds; never slower than a page, so large numbers are rounded."""
    if search.strip():
        found = select(Client.id).where(*matches(search)).limit(FOUND_AT_MOST + 1).subquery()
        number = session.scalars(select(func.count()).select_from(found)).one()
        return Count(min(number, FOUND_AT_MOST), number <= FOUND_AT_MOST)
    # The estimate is of all clients. Whoever may change clients sees them all; an artist's own are
    # few enough to count.
    estimate: int | None = session.scalars(
        select(literal_column("reltuples::bigint"))
        .select_from(table("pg_class", schema="pg_catalog"))
        .where(
            literal_column("oid = 'public.clients'::regclass"),
            func.has_column_privilege("public.clients", "name", "UPDATE"),
        )
    ).one_or_none()
    if estimate is not None and estimate > COUNTED_EXACTLY:
        return Count(estimate, False)
    return Count(session.scalars(select(func.count(Client.id))).one(), True)


def client_row(session: Session, client_id: int) -> ClientRow:
    """One client as in the list. Raises RuleError("no_such_client")."""
    found = session.execute(
        client_rows(readable_payments(session)).where(Client.id == client_id)
    ).one_or_none()
    if found is None:
        raise RuleError("no_such_client")
    return client_row_of(found)


def client_detail(session: Session, client_id: int) -> ClientDetail:
    """Raises RuleError("no_such_client")."""
    found = session.execute(
        select(
            Client.id,
            Client.name,
            Client.social_name,
            Client.phone,
            Client.email,
            Client.cpf,
            Client.birth_date,
            Client.instagram,
            Client.address,
            Client.notes,
            Client.whatsapp_opt_in,
            Client.created_at,
            Client.updated_at,
            Client.version,
            *figures(readable_payments(session)),
        ).where(Client.id == client_id)
    ).one_or_none()
    if found is None:
        raise RuleError("no_such_client")
    values = {**found._mapping, "flags": flags_of(found.flags)}
    return ClientDetail(**values)
