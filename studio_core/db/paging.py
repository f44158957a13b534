"""Pages by key: a page starts behind the last row of the one before, never at an OFFSET."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, and_, literal, or_, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

# The sort value and the id of a page's last row. Opaque outside this module.
Cursor = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """next: pass it back as after= for the following page; None on the last one."""

    rows: tuple[T, ...]
    next: Cursor | None


@dataclass(frozen=True)
class KeyOrder:
    """An order without ties: by an expression, then by a unique id in the same direction.

    nullable: rows without a value come last in both directions. That costs an OR that an index
    can't skip through; for a large table sort by coalesce(expression, a value beyond all others)
    with an index on the same expression instead.
    """

    expression: SQLColumnExpression[Any]
    unique: SQLColumnExpression[Any]
    descending: bool = False
    nullable: bool = False

    def order_by(self) -> tuple[ColumnElement[Any], ...]:
        if self.descending:
            first, second = self.expression.desc(), self.unique.desc()
        else:
            first, second = self.expression.asc(), self.unique.asc()
        return (first.nulls_last() if self.nullable else first, second)

    def behind(self, cursor: Cursor) -> ColumnElement[bool]:
        """True for the rows that come after the cursor's in this order."""
        value, key = cursor
        last_key = literal(key, _type_of(self.unique))
        if value is None:
            rest = self.unique < last_key if self.descending else self.unique > last_key
            return and_(self.expression.is_(None), rest)
        here = tuple_(self.expression, self.unique)
        last = tuple_(literal(value, _type_of(self.expression)), last_key)
        behind = here < last if self.descending else here > last
        return or_(behind, self.expression.is_(None)) if self.nullable else behind


def _type_of(expression: SQLColumnExpression[Any]) -> TypeEngine[Any]:
    """The stubs give a mapped attribute no type, though it has one like any column."""
    return cast("ColumnElement[Any]", expression).type


def fetch_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    order: KeyOrder,
    *,
    after: Cursor | None,
    limit: int,
    row: Callable[[Row[Any]], T],
) -> Page[T]:
    """One statement, limit + 1 rows read, at most limit of them returned.

    statement: with its filters and without an order. row: makes the frozen row; it sees the
    statement's own columns first, by name or by place.
    """
    paged = statement.add_columns(
        order.expression.label("page_value"), order.unique.label("page_key")
    ).order_by(*order.order_by())
    if after is not None:
        paged = paged.where(order.behind(after))
    found = session.execute(paged.limit(limit + 1)).all()
    shown = found[:limit]
    more = len(found) > limit
    following = (shown[-1].page_value, shown[-1].page_key) if more else None
    return Page(tuple(row(one) for one in shown), following)
