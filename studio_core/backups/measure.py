"""Rows and digest of every table, computed by the database itself, the same in every cluster.

A digest adds up hashes over the stored values, so that neither the order of rows nor a generated
column, which another version may make differently, has a say. The statements are made from the
catalogue's own quoted names, never from input, which is why the lint rule about built statements
is off in this file.
"""

from collections.abc import Callable

from sqlalchemy import Connection, text

from studio_core.backups.manifest import TableCount
from studio_core.errors import RuleError

# How values are written decides their hash: no setting of a login, a database or a server may.
_WRITTEN_ONE_WAY = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'iso_8601'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    "SET xmloption = 'content'",
)
_TABLES = text(
    "SELECT format('%I.%I', n.nspname, c.relname) AS name,"
    " has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,"
    " coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), '') AS columns"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    "  AND a.attgenerated = ''"
    " WHERE c.relkind = 'r' AND c.relpersistence <> 't'"
    "  AND n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_')"
    "  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass"
    "                  AND d.objid = c.oid AND d.deptype = 'e')"
    " GROUP BY n.oid, n.nspname, c.oid, c.relname ORDER BY 1"
)
_HASH = "sha256(convert_to(ROW({columns})::text, 'UTF8'))"
_COUNTED = (
    "SELECT count(*) AS rows,"
    " coalesce(sum(('x' || encode(substr({hash}, 1, 8), 'hex'))::bit(64)::bigint), 0)::text"
    " AS digest FROM ONLY {name}"
)


def measured_tables(
    connection: Connection, on_table: Callable[[int, int], object]
) -> dict[str, TableCount]:
    """Every table of the database but those of extensions, by quoted name.

    on_table: told how many are done, of how many. The session's settings are changed.
    Raises RuleError("table_not_readable").
    """
    for statement in _WRITTEN_ONE_WAY:
        connection.exec_driver_sql(statement)
    found: dict[str, TableCount] = {}
    tables = connection.execute(_TABLES).all()
    for number, table in enumerate(tables):
        on_table(number, len(tables))
        if not table.readable:
            raise RuleError("table_not_readable", table=table.name)
        question = _COUNTED.format(hash=_HASH.format(columns=table.columns), name=table.name)
        counted = connection.exec_driver_sql(question.replace("%", "%%")).one()
        found[table.name] = TableCount(counted.rows, counted.digest)
    return found


def differing(expected: dict[str, TableCount], found: dict[str, TableCount]) -> tuple[str, ...]:
    """The tables that are not the same, or on one side alone."""
    return tuple(
        sorted(
            name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
        )
    )
