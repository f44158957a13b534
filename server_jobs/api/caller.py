"""What the routes of people are given: the ways in, the threads, who is asking, and from where."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from server_jobs.api.addresses import caller_address
from server_jobs.api.sign_in import SignIn
from server_jobs.api.workers import Workers

T = TypeVar("T")

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="The access_token of POST /auth/login."
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Caller:
    """One request's caller. What they ask for is done in a thread, in time or not at all."""

    def __init__(self, request: Request, credentials: _Credentials) -> None:
        self.sign_in: SignIn = request.app.state.sign_in
        self.sign_in.require_tokens()
        self.token = credentials.credentials if credentials is not None else None
        self._workers: Workers = request.app.state.workers

    async def does(self, work: Callable[[Session], T]) -> T:
        """Under the caller's own rights. Raises RuleError("token_refused")."""
        return await self._workers.run(lambda: self.sign_in.as_caller(self.token, work))

    async def signs_out(self) -> None:
        await self._workers.run(lambda: self.sign_in.sign_out(self.token))


class Visitor:
    """Somebody who is not signed in yet."""

    def __init__(self, request: Request) -> None:
        self.sign_in: SignIn = request.app.state.sign_in
        self.address = caller_address(request, self.sign_in.proxies)
        self._workers: Workers = request.app.state.workers

    async def asks(self, work: Callable[[], T]) -> T:
        return await self._workers.run(work)


def passwords_open(request: Request) -> None:
    """Before anything is looked at. Raises RuleError("sign_in_not_configured")."""
    request.app.state.sign_in.require_tokens()


def google_open(request: Request) -> None:
    """Before anything is looked at. Raises RuleError("google_not_configured")."""
    request.app.state.sign_in.require_google()


SomeCaller = Annotated[Caller, Depends()]
SomeVisitor = Annotated[Visitor, Depends()]
