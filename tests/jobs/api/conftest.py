"""A studio with people who sign in over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from sqlalchemy import URL

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.people.actions import add_person, change_person, give_login
from studio_core.people.queries import PersonRow, person_row
from studio_core.people.rules import PersonDraft
from tests.fakes.google import FakeGoogle
from tests.jobs.api.web import Web, serving

PASSWORD = "pele e tinta 2025"
SECRET = "k7:Q2xvdWRzLWRyaWZ0LW92ZXItdGhlLWhhcmJvdXItYXQtbmluZQ"


@dataclass
class People:
    """Adds people to one studio."""

    database: Database

    def add(self, email: str, access: str = "owner", name: str = "Ana") -> PersonRow:
        """Somebody with an access and no login yet."""
        draft = PersonDraft(name=name, email=email, access=access)
        with self.database.transaction() as session:
            return add_person(session, request_id=uuid4(), draft=draft)

    def with_password(self, email: str, access: str = "owner", name: str = "Ana") -> PersonRow:
        person = self.add(email, access, name)
        with self.database.transaction() as session:
            give_login(session, user_id=person.id, password=PASSWORD)
        return person

    def leaves(self, user_id: int) -> None:
        """They work here no more; somebody else owns the studio."""
        self.add(f"next.to.{user_id}@studio.example")
        with self.database.transaction() as session:
            now = person_row(session, user_id)
            draft = PersonDraft(name=now.name, email=now.email, access=now.access)
            change_person(
                session,
                request_id=uuid4(),
                user_id=now.id,
                version=now.version,
                draft=replace(draft, active=False),
            )


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


@pytest.fixture
def jobs_database(jobs_url: URL) -> Iterator[Database]:
    """As the server's own login, which is in studio_jobs and no more."""
    with Database(jobs_url, application_name="tests-serve") as database:
        yield database


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def doors(google: FakeGoogle) -> Doors:
    """Both ways in are open."""
    return Doors.of(settings_of(google))


def settings_of(google: FakeGoogle, **changes: str) -> Settings:
    """The settings of a server that takes this Google for the real one."""
    given = google.environment() | {"JWT_SECRET_KEY": SECRET} | changes
    values = {name.lower(): value for name, value in given.items()}
    return Settings(_env_file=None, **values)  # type: ignore[arg-type] # as an environment has them


@pytest.fixture
def web(jobs_database: Database, doors: Doors) -> Iterator[Web]:
    with serving(create_app(jobs_database, doors=doors)) as served:
        yield served
