"""What every table has in common."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Identity, MetaData, Numeric, Text, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
"""A key that the database gives; explicit ids are allowed, since archived rows keep theirs."""

Money = Annotated[Decimal, mapped_column(Numeric(12, 2))]
"""Numeric takes 'NaN' for larger than anything, and one of them makes every sum NaN: tables that
people write to refuse it by a check."""
Percent = Annotated[Decimal, mapped_column(Numeric(5, 2))]


def one_of(column: str, values: Iterable[str]) -> str:
    """The condition of a check that a column holds one of these words; they hold no quotes."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def readable_day(column: str) -> str:
    """The condition of a check that a program can read a day; PostgreSQL knows days before and
    after, and days without end."""
    return f"{column} BETWEEN '0001-01-01' AND '9999-12-31'"


def readable_moment(column: str) -> str:
    """The same for a moment, in whatever time zone."""
    return f"{column} BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"


class Base(DeclarativeBase):
    """The models of all domains; constraint names follow one convention."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this as a class attribute.
        str: Text(),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(12, 2),
    }


class Tracked:
    """Who made and last changed a row, and its version for the optimistic lock.

    A trigger (db/sql/functions/stamp.sql) fills these; what a program writes into them is ignored.
    """

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=90)
    created_by: Mapped[int | None] = mapped_column(sort_order=91)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=92)
    updated_by: Mapped[int | None] = mapped_column(sort_order=93)
    version: Mapped[int] = mapped_column(server_default=text("1"), sort_order=94)
