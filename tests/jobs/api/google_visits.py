"""Signing in with Google over HTTP, as a desktop does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from studio_core.db.engine import Database
from tests.fakes.google import FakeGoogle
from tests.jobs.api.web import Web


@dataclass
class Visit:
    """One device of one person."""

    web: Web
    google: FakeGoogle
    device: str = field(default_factory=lambda: str(uuid4()))

    def nonce(self) -> str:
        answer = self.web.post("/auth/google/nonce", {})
        assert answer.status_code == 200, answer.text
        nonce: str = answer.json()["nonce"]
        return nonce

    def bring(self, id_token: str, nonce: str | None = None) -> requests.Response:
        body = {"id_token": id_token, "device": self.device}
        return self.web.post("/auth/google", body if nonce is None else body | {"nonce": nonce})

    def sign_in(self, **claims: Any) -> requests.Response:
        """With a nonce of the server's, as for the first time."""
        nonce = self.nonce()
        return self.bring(self.google.id_token(**{"nonce": nonce, **claims}), nonce)

    def renew(self, **claims: Any) -> requests.Response:
        return self.bring(self.google.id_token(**claims))


@contextmanager
def as_desk(database: Database, login: dict[str, str]) -> Iterator[Database]:
    """The studio's database, with what the server answered."""
    url = database.url.set(username=login["role"], password=login["password"])
    with Database(url, application_name="tests-desk", pool_size=1) as desk:
        yield desk


def lets_in(database: Database, login: dict[str, str]) -> bool:
    with as_desk(database, login) as desk:
        desk.check()
    return True
