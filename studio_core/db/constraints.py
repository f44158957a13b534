"""Which rule of a table a refused write broke."""

import psycopg2
from sqlalchemy.exc import IntegrityError


def broken_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint or unique index, as the models give it."""
    if isinstance(error.orig, psycopg2.Error):
        return error.orig.diag.constraint_name
    return None
