"""Runs the migrations on the connection that studio_core.db.migrations hands over."""

from alembic import context
from alembic.script import ScriptDirectory

from studio_core.db import objects
from studio_core.db.tables import metadata

connection = context.config.attributes["connection"]


def _at_head() -> bool:
    heads = ScriptDirectory.from_config(context.config).get_heads()
    return set(context.get_context().get_current_heads()) == set(heads)


def _moves() -> bool:
    """True for upgrade and downgrade, which name a revision; false for check and current."""
    try:
        return context.get_revision_argument() is not None
    except KeyError:
        return False


def _is_ours(name: str | None, type_: str, _parents: object) -> bool:
    return type_ != "schema" or name in (None, "archive")


context.configure(
    connection=connection,
    target_metadata=metadata,
    include_schemas=True,
    include_name=_is_ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
    if _moves() and _at_head():
        objects.apply(connection)
