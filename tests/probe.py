"""Trying every operation as every role, on a real database: what the rights are, not what they are
said to be.

No row is ever touched: a statement that finds nothing is refused as one that finds much, before it
begins. Functions are called, and whatever they did is rolled back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg2 import Error, sql
from psycopg2.errors import (
    InsufficientPrivilege,
    ObjectNotInPrerequisiteState,
    WrongObjectType,
)
from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import cursor as Cursor  # noqa: N812 – a class, named so there

_RELATIONS = """
    SELECT nspname, relname,
           array(SELECT attname FROM pg_attribute
                 WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attname),
           array(SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attgenerated <> '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'v') AND nspname IN ('public', 'archive', 'studio') ORDER BY 1, 2"""
_FUNCTIONS = """
    SELECT p.oid::regprocedure::text, array(SELECT t::regtype::text FROM unnest(proargtypes) AS t)
    FROM pg_proc p WHERE pronamespace = 'studio'::regnamespace
       OR p.oid = ANY (%s::regprocedure[]) ORDER BY 1"""
_NOTHING = (
    "INSERT INTO {table} ({column}) OVERRIDING SYSTEM VALUE"
    " SELECT (NULL::{table}).{column} WHERE false"
)
# A generated column takes no value at all, not even none.
_MADE = "INSERT INTO {table} ({column}) VALUES (DEFAULT)"
# A call with nothing but NULL may be answered without asking for any right.
_SAMPLES = {
    "bigint": "'-1'::bigint",
    "boolean": "false",
    "bytea": "''::bytea",
    "date": "'1999-01-01'::date",
    "integer": "1",
    "interval": "'1 hour'::interval",
    "jsonb": "'{}'::jsonb",
    "oid": "0::oid",
    "text": "'x'",
    "timestamp with time zone": "now()",
    "uuid": "'00000000-0000-4000-8000-000000000000'::uuid",
}


@dataclass(frozen=True)
class Probe:
    """One connection, and a word that makes it one role's: SET ROLE, or nothing."""

    connection: RawConnection
    role: str
    become: bool = False

    def tables(self) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
        """(table, command, columns) of everything allowed; columns None for all there are."""
        for schema, name, columns, made in self._answers(_RELATIONS):
            table = f"{schema}.{name}"
            target = sql.Identifier(schema, name)
            reading = self._columns("SELECT {column} FROM {table} WHERE false", target, columns)
            yield from _told(table, "select", reading, columns)
            adding = tuple(
                column
                for column in columns
                if self._columns(_MADE if column in made else _NOTHING, target, [column])
            )
            yield from _told(table, "insert", adding, columns)
            changing = self._columns(
                "UPDATE {table} SET {column} = DEFAULT WHERE false", target, columns
            )
            yield from _told(table, "update", changing, columns)
            for command, statement in (
                ("delete", "DELETE FROM {table} WHERE false"),
                ("truncate", "TRUNCATE {table}"),
                ("lock", "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"),
            ):
                if self._may(sql.SQL(statement).format(table=target)):
                    yield table, command, None

    def functions(self, others: list[str]) -> Iterator[str]:
        """The signatures of all functions of ours, and of the others named, that it may call."""
        for signature, types in self._answers(_FUNCTIONS, (others,)):
            arguments = ", ".join(_SAMPLES.get(kind, f"NULL::{kind}") for kind in types)
            name = signature.partition("(")[0]
            if self._may(sql.SQL(f"SELECT {name}({arguments})")):
                yield signature

    def _columns(self, statement: str, table: sql.Composable, names: list[str]) -> tuple[str, ...]:
        return tuple(
            name
            for name in names
            if self._may(sql.SQL(statement).format(table=table, column=sql.Identifier(name)))
        )

    def _may(self, statement: sql.Composable) -> bool:
        """False only for a right that is missing; whatever else goes wrong was tried for real."""
        with self.connection.cursor() as cursor:
            try:
                self._enter(cursor)
                cursor.execute(statement)
            except InsufficientPrivilege as error:
                return not (error.diag.message_primary or "").startswith("permission denied for")
            except (ObjectNotInPrerequisiteState, WrongObjectType):  # A view takes no rows.
                return False
            except Error:
                return True
            finally:
                self.connection.rollback()
        return True

    def _enter(self, cursor: Cursor) -> None:
        # A function that holds a lock for good would make the next probe wait.
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        if self.become:
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(self.role)))

    def _answers(self, question: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            # All names come with their schema, whatever this role finds without.
            cursor.execute("SET LOCAL search_path = pg_catalog")
            cursor.execute(question, values or None)
            found = cursor.fetchall()
        self.connection.rollback()
        return found


def _told(
    table: str, command: str, allowed: tuple[str, ...], columns: list[str]
) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
    if allowed:
        yield table, command, None if list(allowed) == columns else allowed
