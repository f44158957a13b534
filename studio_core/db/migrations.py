"""Bringing a database to what this program needs, and telling when it is not there."""

import importlib.metadata
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text
from sqlalchemy.orm import Session

from studio_core import resources
from studio_core.db import objects
from studio_core.db.engine import Database
from studio_core.db.grants import database_statements
from studio_core.db.time_outs import (
    ALL_TIME_OUTS,
    allow_long_work,
    set_time_outs,
    time_outs_are_set,
)
from studio_core.errors import ConfigError, RuleError

EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist")
OLDEST_SERVER = 15

MINIMUM_QUESTION = (
    "SELECT value #>> '{}' AS minimum FROM settings WHERE key = 'min_program_version'"
)

# The server would write refused statements into its log with every value in them; the programs
# log them without.
_QUIET_LOG = {"log_min_messages": "log", "log_min_error_statement": "panic"}


def migrate(admin_url: str | URL, revision: str = "head") -> None:
    """Brings the database to a revision ("head", "base"), all or nothing; safe to repeat.

    Creates the group roles where the cluster lacks them. admin_url: a superuser's.
    Raises ConfigError: server_too_old, extension_missing, schema_too_new, and those of connecting.
    """
    with (
        Database(admin_url, application_name="studio migrate", pool_size=1) as database,
        database.transaction() as session,
    ):
        connection = session.connection()
        require_server(connection)
        allow_long_work(connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('studio.migrate'))"))
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        found = current_revision(session)
        if is_newer(found):
            raise ConfigError("schema_too_new", found=found)
        if revision == "base":
            command.downgrade(_config(connection), revision)
            return
        objects.prepare(connection)
        command.upgrade(_config(connection), revision)
        set_database(connection)


def migrate_if_needed(admin: Database) -> None:
    """Brings a database that this program owns alone to its revision. admin: as a superuser."""
    with admin.transaction() as session:
        ready = current_revision(session) == head_revision()
        ready = ready and time_outs_are_set(session.connection())
    if not ready:
        migrate(admin.url)


@cache
def head_revision() -> str:
    """The revision this program was written for."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


def current_revision(session: Session) -> str | None:
    """The revision the database is at; None where it was never migrated."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def check_program(session: Session) -> None:
    """Refuses to work on a database that this program is too old or too new for.

    Raises RuleError: not_migrated, schema_too_new, program_too_old.
    """
    found = current_revision(session)
    minimum = None
    if found == head_revision():  # Only then is it certain that there are settings.
        minimum = session.scalar(text(MINIMUM_QUESTION))
    judge_revision(found, minimum)


def judge_revision(found: str | None, minimum: str | None) -> None:
    """Whether this program works on a database of that revision, which asks for that version.

    Raises RuleError: not_migrated, schema_too_new, program_too_old.
    """
    if is_newer(found):
        raise RuleError("schema_too_new", found=found)
    if found != head_revision():
        raise RuleError("not_migrated", found=found or "-", expected=head_revision())
    version = program_version()
    if minimum and _numbers(version) < _numbers(minimum):
        raise RuleError("program_too_old", version=version, minimum=minimum)


def program_version() -> str:
    """The version of the installed programs, like "0.1.0"."""
    return importlib.metadata.version("tattoo-studio-system")


def differences(session: Session) -> list[str]:
    """What the models have and the database has not, or the other way round; empty when equal."""
    from alembic.autogenerate import compare_metadata

    from studio_core.db.tables import metadata

    context = MigrationContext.configure(
        session.connection(),
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name in (None, "archive"),
        },
    )
    return [str(difference) for difference in compare_metadata(context, metadata)]


def is_newer(revision: str | None) -> bool:
    """Whether only a later program knows this revision."""
    known = {script.revision for script in _scripts().walk_revisions()}
    return revision is not None and revision not in known


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.alembic_dir()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def require_server(connection: Connection) -> None:
    """Raises ConfigError: server_too_old, extension_missing."""
    number = connection.execute(text("SHOW server_version_num")).scalar_one()
    major = int(number) // 10000
    if major < OLDEST_SERVER:
        raise ConfigError("server_too_old", found=major, oldest=OLDEST_SERVER)
    available = set(connection.scalars(text("SELECT name FROM pg_available_extensions")))
    missing = [name for name in EXTENSIONS if name not in available]
    if missing:
        raise ConfigError("extension_missing", extension=", ".join(missing))


def set_database(connection: Connection) -> None:
    """Time-outs and who may connect: kept by the cluster for each database, not in its tables."""
    set_time_outs(connection)
    quoted = connection.dialect.identifier_preparer.quote(
        connection.execute(text("SELECT current_database()")).scalar_one()
    )
    statements = [
        f"ALTER DATABASE {quoted} SET {name} = '{value}'" for name, value in _QUIET_LOG.items()
    ]
    for statement in (*statements, *database_statements(quoted)):
        connection.exec_driver_sql(statement)


def database_settings() -> frozenset[str]:
    """The names of what set_database() sets, on whatever system."""
    return frozenset((*ALL_TIME_OUTS, *_QUIET_LOG))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
