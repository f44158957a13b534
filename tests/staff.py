"""Everybody of a small studio, signed in: one person for each access, as the program makes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database, raw_connection
from studio_core.people.actions import add_person, give_login
from studio_core.people.models import ACCESS_LEVELS
from studio_core.people.rules import PersonDraft

PASSWORD = "pele e tinta 2025"


@dataclass(frozen=True)
class Member:
    """Somebody's number, their login role, and a pool of connections with their rights."""

    id: int
    login: str
    database: Database

    @property
    def url(self) -> URL:
        return self.database.url

    @contextmanager
    def connected(self) -> Iterator[RawConnection]:
        """As any other program could: one connection in autocommit."""
        connection = raw_connection(self.url, application_name="tests")
        try:
            yield connection
        finally:
            connection.close()


class Staff:
    """database: a superuser's. A second artist stands for everybody else's work."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            self.owner, self.manager, self.reception, self.artist, self.colleague = (
                self._added(session, access, name)
                for access, name in (
                    ("owner", "owner"),
                    ("manager", "manager"),
                    ("reception", "reception"),
                    ("artist", "ana"),
                    ("artist", "bento"),
                )
            )

    def sign_in(self, access: str, name: str) -> Member:
        """Adds a person who is in at once."""
        with self.database.transaction() as session:
            return self._added(session, access, name)

    def _added(self, session: Session, access: str, name: str) -> Member:
        draft = PersonDraft(
            name=name.title(),
            email=f"{name}@exemplo.com",
            access=access,
            is_artist=access == "artist",
        )
        person = add_person(session, request_id=uuid4(), draft=draft)
        login = give_login(session, user_id=person.id, password=PASSWORD)
        url = self.database.url.set(username=login, password=PASSWORD)
        return Member(person.id, login, Database(url, application_name="tests", pool_size=1))

    def of(self, access: str) -> Member:
        assert access in ACCESS_LEVELS
        member: Member = getattr(self, access)
        return member

    def run(self, statement: str, **params: object) -> None:
        """As the superuser, in a transaction of its own."""
        with self.database.transaction() as session:
            session.execute(text(statement), params)

    def close(self) -> None:
        for member in (self.owner, self.manager, self.reception, self.artist, self.colleague):
            member.database.close()
