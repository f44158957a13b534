"""Studios on a server that may be crashed, and months whose fate is told row for row."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate, set_database
from studio_core.people.actions import add_person, give_login
from studio_core.people.rules import PersonDraft
from tests.books import Books
from tests.core.extrato.conftest import Closer

_TEMPLATE = "faults_template"
_PASSWORD = "pele e tinta 2025"
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


@pytest.fixture
def reception(books: Books) -> Iterator[Database]:
    """A desk: Rita's own login, as the desktop connects. Made after the test set the database."""
    database = books.database
    with database.transaction() as session:
        draft = PersonDraft(name="Rita Balcão", email="rita@exemplo.com", access="reception")
        rita = add_person(session, request_id=uuid4(), draft=draft)
    with database.transaction() as session:
        role = give_login(session, user_id=rita.id, password=_PASSWORD)
    url = database.url.set(username=role, password=_PASSWORD)
    with Database(url, application_name="studio-desktop", pool_size=2) as desk:
        yield desk
