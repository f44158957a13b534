"""Searching the audit: pages by key over any number of changes, newest first.

Every filter has an index that goes on in the order of the list, so that a page costs what it shows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Row,
    Select,
    Text,
    cast,
    func,
    literal,
    select,
    text,
    union,
)
from sqlalchemy.orm import Session

from studio_core.audit.models import AuditEntry, AuditIdentity
from studio_core.audit.rows import AuditFilter, AuditRow, parsed
from studio_core.db.paging import Cursor, KeyOrder, Page, fetch_page
from studio_core.people.models import User

COUNTED_AT_MOST = 1_000
_FEW = 20_000
# Where a word has millions of rows, less room makes the server look into each of them.
_ROOM_FOR_WORDS = text("SELECT set_config('work_mem', '64MB', true)")
_NEWEST = KeyOrder(AuditEntry.at, AuditEntry.id, descending=True)
# Which tables there are: one step in the index a table, however many changes it has.
_TABLES = text(
    "WITH RECURSIVE found AS ("
    " (SELECT table_name FROM audit_log ORDER BY table_name LIMIT 1)"
    " UNION ALL SELECT (SELECT a.table_name FROM audit_log a"
    "  WHERE a.table_name > f.table_name ORDER BY a.table_name LIMIT 1)"
    " FROM found f WHERE f.table_name IS NOT NULL)"
    " SELECT table_name FROM found WHERE table_name IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class EntryCount:
    """exact: False where there are more than number."""

    number: int
    exact: bool


def page_of_entries(
    session: Session,
    *,
    filter: AuditFilter,
    after: Cursor | None = None,
    limit: int = 100,
) -> Page[AuditRow]:
    """One page of changes, newest first."""
    statement = _rows()
    if _words(filter):
        session.execute(_ROOM_FOR_WORDS)
        statement = statement.where(AuditEntry.id.in_(_newest_worded(filter, after, limit + 1)))
    else:
        statement = statement.where(*_conditions(filter))
    return fetch_page(session, statement, _NEWEST, after=after, limit=limit, row=_row)


def entries_of(session: Session, *, correlation_id: str, limit: int = 100) -> tuple[AuditRow, ...]:
    """What was changed under one correlation id, oldest first."""
    statement = (
        _rows()
        .where(AuditEntry.correlation_id == correlation_id)
        .order_by(AuditEntry.at, AuditEntry.id)
        .limit(limit)
    )
    return tuple(_row(found) for found in session.execute(statement))


def count_entries(session: Session, *, filter: AuditFilter) -> EntryCount:
    """How many changes a filter finds, counted no further than COUNTED_AT_MOST."""
    most = COUNTED_AT_MOST + 1
    found: Select[Any] | CompoundSelect[Any] = select(AuditEntry.id).where(*_conditions(filter))
    if _words(filter):
        session.execute(_ROOM_FOR_WORDS)
        sides = _worded(filter, None)
        found = union(*(select(side.limit(most).subquery().c.id) for side in sides))
    counted = select(func.count()).select_from(found.limit(most).subquery())
    number = session.scalars(counted).one()
    return EntryCount(min(number, COUNTED_AT_MOST), number <= COUNTED_AT_MOST)


def audited_tables(session: Session) -> tuple[str, ...]:
    """The tables of which there is a change, by name."""
    return tuple(session.scalars(_TABLES))


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.table_name,
            AuditEntry.row_key,
            AuditEntry.action,
            User.name.label("person"),
            AuditEntry.login_role,
            AuditEntry.acting_role,
            AuditEntry.correlation_id,
            # As text: the driver would make floats of the amounts.
            cast(AuditEntry.before, Text).label("before"),
            cast(AuditEntry.after, Text).label("after"),
            cast(AuditIdentity.before, Text).label("identity_before"),
            cast(AuditIdentity.after, Text).label("identity_after"),
            AuditIdentity.audit_id.label("has_identity"),
        )
        .outerjoin(User, User.id == AuditEntry.user_id)
        .outerjoin(AuditIdentity, AuditIdentity.audit_id == AuditEntry.id)
    )


def _conditions(filter: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.first is not None:
        found.append(AuditEntry.at >= func.studio.day_start(filter.first))
    if filter.last is not None:
        # Added by the database: Python knows no day after the last of the year 9999.
        found.append(AuditEntry.at < func.studio.day_start(literal(filter.last, Date) + 1))
    if filter.by_programs:
        found.append(AuditEntry.user_id.is_(None))
    elif filter.user_id is not None:
        found.append(AuditEntry.user_id == filter.user_id)
    for column, wanted in (
        (AuditEntry.table_name, filter.table),
        (AuditEntry.row_key, filter.row_key),
        (AuditEntry.action, filter.action),
        (AuditEntry.correlation_id, filter.correlation_id),
    ):
        if wanted is not None:
            found.append(column == wanted)
    return found


def _words(filter: AuditFilter) -> str:
    """What is searched for; a single letter begins too many words to narrow anything."""
    typed = filter.words.replace("\0", " ").split()
    return " ".join(word for word in typed if len(word) > 1)


def _worded(filter: AuditFilter, after: Cursor | None) -> tuple[Select[int, datetime], ...]:
    """The changes that hold the words in their values, and those that do in the ones kept apart."""
    query = func.studio.words_query(_words(filter))
    changes = select(AuditEntry.id, AuditEntry.at).where(*_conditions(filter))
    if after is not None:
        changes = changes.where(_NEWEST.behind(after))
    beside = changes.join(AuditIdentity, AuditIdentity.audit_id == AuditEntry.id)
    return (
        changes.where(_holds(AuditEntry, query)),
        beside.where(_holds(AuditIdentity, query)),
    )


def _newest_worded(filter: AuditFilter, after: Cursor | None, most: int) -> CompoundSelect[Any]:
    """The ids of the newest changes that hold the words."""
    sides = zip(("values", "identities"), _worded(filter, after), strict=True)
    return union(*(part for name, side in sides for part in _newest_of(name, side, most)))


def _newest_of(name: str, found: Select[int, datetime], most: int) -> tuple[Select[int], ...]:
    """The newest ids of what was found, by the quicker of two ways; the other one yields nothing.

    Few: all are fetched by the index of words, and sorted. Many: the log is read from its newest
    end until enough of them came. The planner cannot tell how many begin with what was typed.
    """
    few = found.limit(_FEW + 1).cte(f"few_{name}").prefix_with("MATERIALIZED")
    are_many = select(func.count()).select_from(few).scalar_subquery() > _FEW
    all_of_them = (
        select(few.c.id)
        .where(~are_many)
        .order_by(few.c.at.desc(), few.c.id.desc())
        .limit(most)
        .subquery()
    )
    of_the_log = found.where(are_many).order_by(*_NEWEST.order_by()).limit(most).subquery()
    return select(all_of_them.c.id), select(of_the_log.c.id)


def _holds(side: type[AuditEntry] | type[AuditIdentity], query: Any) -> ColumnElement[bool]:
    return func.studio.audit_words(side.before, side.after).bool_op("@@")(query)


def _row(found: Row[Any]) -> AuditRow:
    identity_before, identity_after = parsed(found.identity_before), parsed(found.identity_after)
    return AuditRow(
        id=found.id,
        at=found.at,
        table=found.table_name,
        row_key=found.row_key,
        action=found.action,
        person=found.person,
        login_role=found.login_role,
        acting_role=found.acting_role,
        correlation_id=found.correlation_id,
        before=parsed(found.before),
        after=parsed(found.after),
        identity_before=identity_before,
        identity_after=identity_after,
        identity_erased=found.has_identity is not None
        and identity_before is None
        and identity_after is None,
    )
