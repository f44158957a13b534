"""Transactions, their correlation id, and connections that leave nothing behind."""

import pytest
from sqlalchemy import URL, text

from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError, UnavailableError


@pytest.fixture
def empty(empty_database_url: URL) -> Database:
    return Database(empty_database_url, application_name="tests", correlation=lambda: "c-1")


def test_transaction_commits_at_the_end_and_rolls_back_on_an_error(empty: Database) -> None:
    with empty.transaction() as session:
        session.execute(text("CREATE TABLE notes (id int PRIMARY KEY)"))
    with pytest.raises(ZeroDivisionError), empty.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES (1)"))
        raise ZeroDivisionError
    with empty.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM notes")) == 0
    empty.close()
