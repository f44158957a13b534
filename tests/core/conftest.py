"""Fixtures of the core's tests."""

from collections.abc import Iterator

import pytest

from studio_core.db.engine import Database
from tests.books import Books
from tests.staff import Staff


@pytest.fixture
def books(database: Database) -> Books:
    """An empty studio with two artists: Ana at 50 %, Bento at 0 %."""
    return Books(database)


@pytest.fixture
def staff(database: Database) -> Iterator[Staff]:
    """A studio with an owner, a manager, a receptionist and two artists, all signed in."""
    made = Staff(database)
    yield made
    made.close()
