"""Fixtures of the core's tests."""

import pytest

from studio_core.db.engine import Database
from tests.books import Books


@pytest.fixture
def books(database: Database) -> Books:
    """An empty studio with two artists: Ana at 50 %, Bento at 0 %."""
    return Books(database)
