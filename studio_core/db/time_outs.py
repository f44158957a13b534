"""How long the database lets anybody work, wait and be silent; set for each database, so that it
holds for every program and every desk.

A desk that froze, or lost its network or its power, frees what it held within these bounds.
"""

import re

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

TIME_OUTS = {
    # What a desk asks is answered within a second; a question that runs away would otherwise take
    # a processor from everybody until somebody finds it. Longer than the wait for a lock, so that
    # who waits for another desk is told that.
    "statement_timeout": "30s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
    # A silent network: a connection without an answer for a minute is gone, with its locks.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_WHERE_THE_SYSTEM_CAN = {
    # Ends the statement of a program that is gone, rather than work on for nobody.
    ("client_connection_check_interval", "10s"): "linux|darwin|bsd",
    # An answer that nobody takes; keepalives are silent while it waits to be sent.
    ("tcp_user_timeout", "60s"): "linux",
}
ALL_TIME_OUTS = frozenset((*TIME_OUTS, *(name for name, _ in _WHERE_THE_SYSTEM_CAN)))
"""Their names, on any system."""
_KEPT = text(
    "SELECT coalesce((SELECT setconfig FROM pg_db_role_setting s JOIN pg_database d"
    " ON d.oid = s.setdatabase WHERE d.datname = current_database() AND s.setrole = 0), '{}')"
)
_LONG_WORK = text(
    "SELECT set_config('statement_timeout', '0', :local),"
    " set_config('idle_in_transaction_session_timeout', '15min', :local)"
)


def time_outs_for(server_version: str) -> dict[str, str]:
    """What to set on a server that says this of itself, like "PostgreSQL 18.0 on x86_64-linux"."""
    more = {
        name: value
        for (name, value), systems in _WHERE_THE_SYSTEM_CAN.items()
        if re.search(systems, server_version, re.IGNORECASE)
    }
    return {**TIME_OUTS, **more}


def set_time_outs(connection: Connection) -> None:
    """For the connections that begin from now on. connection: the database's owner's."""
    quoted = connection.dialect.identifier_preparer.quote(
        connection.execute(text("SELECT current_database()")).scalar_one()
    )
    for name, value in _wanted(connection).items():
        connection.exec_driver_sql(f"ALTER DATABASE {quoted} SET {name} = '{value}'")


def time_outs_are_set(connection: Connection) -> bool:
    """False on a database that an older program set, or a copy, which comes without."""
    kept = set(connection.execute(_KEPT).scalar_one())
    return {f"{name}={value}" for name, value in _wanted(connection).items()} <= kept


def allow_long_work(where: Session | Connection) -> None:
    """No end to a statement, and a quarter of an hour between two: for closings, backups, imports.

    Until the end of the transaction; on a connection in autocommit as long as it lasts. Waiting
    for a lock stays bounded.
    """
    connection = where.connection() if isinstance(where, Session) else where
    autocommit = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
    connection.execute(_LONG_WORK, {"local": not autocommit})


def _wanted(connection: Connection) -> dict[str, str]:
    return time_outs_for(connection.execute(text("SELECT version()")).scalar_one())
