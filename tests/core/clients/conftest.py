"""A studio with people who sign in, and a few clients."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest

from studio_core.db.engine import Database
from studio_core.people.actions import add_person, give_login
from studio_core.people.logins import login_role
from studio_core.people.rules import PersonDraft

PASSWORD = "pele e tinta 2025"
SignIn = Callable[[str], Database]


@pytest.fixture
def signed_in_as(database: Database) -> Iterator[SignIn]:
    """Somebody with that access, on a connection of their own."""
    with ExitStack() as open_databases:

        def sign_in(access: str) -> Database:
            email = f"{access}@exemplo.com"
            with database.transaction() as session:
                draft = PersonDraft(name=access.title(), email=email, access=access)
                person = add_person(session, request_id=uuid4(), draft=draft)
                give_login(session, user_id=person.id, password=PASSWORD)
            role = login_role(database.url.database or "", email)
            url = database.url.set(username=role, password=PASSWORD)
            return open_databases.enter_context(Database(url, application_name="tests"))

        yield sign_in
