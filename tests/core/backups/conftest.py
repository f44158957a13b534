"""A studio with people who can sign in, backed up as the server's own login does it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from server_jobs.jobs_login import ensure_jobs_login
from studio_core.backups.create import create_full_backup
from studio_core.backups.records import FullBackupRow
from studio_core.db.embedded import EmbeddedServer
from studio_core.db.embedded.binaries import find_binaries
from studio_core.db.engine import Database
from studio_core.people.actions import give_login, set_up_owner
from tests.books import Books

OWNER, OWNER_PASSWORD = "olga@example.com", "Tinta-preta-2025"
RECEPTION, RECEPTION_PASSWORD = "rita@example.com", "Balcão ção 88!"


@dataclass(frozen=True)
class Studio:
    """books: as the superuser. jobs: as a login in studio_jobs and no more."""

    books: Books
    jobs: Database
    folder: Path

    def back_up(self, **options: Any) -> FullBackupRow:
        return create_full_backup(self.jobs, directory=self.folder, **options)

    def path(self, row: FullBackupRow) -> Path:
        return self.folder / row.file_name


@pytest.fixture
def studio(books: Books, tmp_path: Path) -> Iterator[Studio]:
    """A month of entries, an owner and a receptionist."""
    admin = books.database
    with admin.transaction() as session:
        set_up_owner(session, name="Olga", email=OWNER, password=OWNER_PASSWORD)
    with admin.transaction() as session:
        rita = _added(session, "Rita", RECEPTION, "reception")
        give_login(session, user_id=rita, password=RECEPTION_PASSWORD)
    books.fill(30)
    url = admin.url.set(username=f"{admin.url.database}.jobs", password="jobs-password")
    ensure_jobs_login(admin.url, url)
    with Database(url, application_name="tests", pool_size=2) as jobs:
        yield Studio(books, jobs, tmp_path / "backups")


def _added(session: Any, name: str, email: str, access: str) -> int:
    from studio_core.people.models import User

    person = User(name=name, email=email, access=access)
    session.add(person)
    session.flush()
    return person.id


def run_as_admin(studio: Studio, statements: str) -> None:
    with studio.books.database.connection() as connection:
        connection.exec_driver_sql(statements.replace("%", "%%"))


def make_it_large(database: Database) -> None:
    """Some megabytes that do not compress: more than pipes and sockets hold back."""
    with database.connection() as connection:
        connection.exec_driver_sql(
            "INSERT INTO clients (name, notes) SELECT 'Cliente ' || n, (SELECT"
            " string_agg(md5(random()::text || n || m), '') FROM generate_series(1, 2000) AS m)"
            " FROM generate_series(1, 100) AS n"
        )


def signed_in(studio: Studio, group: str) -> Database:
    """A login of this studio's database in one group."""
    url = studio.books.database.url
    name = f"{url.database}.{group}"
    run_as_admin(
        studio,
        f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'only-for-this-test' IN ROLE {group};"
        f'GRANT CONNECT ON DATABASE "{url.database}" TO "{name}"',
    )
    return Database(url.set(username=name, password="only-for-this-test"), application_name="tests")


@pytest.fixture(scope="session")
def other_server(run_root: Path, worker_name: str) -> Iterator[EmbeddedServer]:
    """A cluster that has never seen a studio: no groups, no people."""
    other = EmbeddedServer(
        run_root / f"other-{worker_name}", profile="fast", binaries=find_binaries()
    )
    other.start()
    yield other
    other.stop()


NewPlace = Callable[[str], URL]


@pytest.fixture
def elsewhere(other_server: EmbeddedServer) -> Iterator[NewPlace]:
    """Addresses of databases on the other cluster, which are not there yet; dropped with the
    logins that were made for them."""
    names: list[str] = []

    def address(name: str) -> URL:
        names.append(name)
        return other_server.url.set(database=name)

    yield address
    with (
        Database(other_server.url, application_name="tests") as maintenance,
        maintenance.connection() as connection,
    ):
        for name in names:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for (role,) in connection.exec_driver_sql(
            "SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%%'"
            " AND rolname NOT LIKE 'studio\\_%%' AND NOT rolsuper"
        ).all():
            connection.exec_driver_sql(f'DROP ROLE "{role}"')
