"""The SQL objects that the models cannot express: one file each under sql/, all repeatable.

prepare() makes what the tables stand on, apply() all that stands on the tables. Both may run again
at any time, and bring a database to the state that the files describe.
"""

from pathlib import Path

from sqlalchemy import Connection

from studio_core.db.grants import backup_statements, rights_statements

_SQL = Path(__file__).with_name("sql")
# Bodies name tables and functions that are made after them.
_LATE_NAMES = "SET LOCAL check_function_bodies = off"


def prepare_roles(connection: Connection) -> None:
    """The groups, and the roles of definer functions, where the cluster lacks them."""
    _run(connection, (_SQL / "roles.sql").read_text("utf-8"))


def prepare(connection: Connection) -> None:
    """Roles, schemas, extensions. Needs a superuser, or a role that may create roles."""
    prepare_roles(connection)
    _run(connection, _LATE_NAMES)
    # Columns default to the person behind the connection, so that function comes first.
    for name in ("schema.sql", "functions/current_user_id.sql"):
        _run(connection, (_SQL / name).read_text("utf-8"))


def prepare_backup(connection: Connection) -> None:
    """What a full backup needs, in a database of any revision, which stays at it."""
    prepare_roles(connection)
    _run(connection, (_SQL / "people/backup_logins.sql").read_text("utf-8"))
    for statement in backup_statements():
        _run(connection, statement)


def apply(connection: Connection) -> None:
    """Functions, views, triggers, grants and policies; the tables must be at their newest
    revision."""
    _run(connection, _LATE_NAMES)
    for folder in ("functions", "people", "closing", "views", "triggers"):
        for path in sorted((_SQL / folder).glob("*.sql")):
            _run(connection, path.read_text("utf-8"))
    for statement in rights_statements():
        _run(connection, statement)
    # What people may depends on their logins too; those of an older revision, or of a copy in
    # another cluster, come to what the people's rows say.
    _run(connection, "SELECT studio.settle_logins(id) FROM public.users ORDER BY id")


def _run(connection: Connection, script: str) -> None:
    """Runs a script as it is: no parameters, so that a percent sign is only a percent sign."""
    raw = connection.connection.cursor()
    try:
        raw.execute(script)
    finally:
        raw.close()
