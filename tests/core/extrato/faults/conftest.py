"""Studios on a server that may be crashed, and months whose fate is told row for row."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate, set_database
from tests.books import Books
from tests.core.extrato.conftest import Closer

_TEMPLATE = "faults_template"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def durable_template(durable_server: EmbeddedServer) -> str:
    durable_server.start()
    migrate(durable_server.create_database(_TEMPLATE))
    if sys.platform == "linux":
        with (
            Database(durable_server.url, application_name="tests-admin") as admin,
            admin.connection() as connection,
        ):
            # As durable as file by file; a start after a crash is seconds shorter.
            connection.exec_driver_sql("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
    return _TEMPLATE


@pytest.fixture
def durable_books(durable_server: EmbeddedServer, durable_template: str) -> Iterator[Books]:
    """An empty studio on this worker's own server, which keeps what it commits."""
    durable_server.start()
    name = f"faults_{next(_numbers)}"
    with (
        Database(durable_server.url, application_name="tests-admin") as admin,
        admin.connection() as connection,
    ):
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {durable_template}")
    with Database(durable_server.url.set(database=name), application_name="tests") as database:
        with database.transaction() as session:
            set_database(session.connection())
        yield Books(database)


@pytest.fixture
def durable_closer(durable_books: Books, tmp_path: Path) -> Closer:
    return Closer(durable_books, tmp_path / "backups")
