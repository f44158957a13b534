"""Signing in with e-mail and password, and signing out."""

from typing import Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from server_jobs.api.caller import SomeCaller, SomeVisitor, passwords_open
from server_jobs.api.problems import described
from server_jobs.api.texts import Email, Secret
from studio_core.people.tokens import LIFETIME_S

router = APIRouter(prefix="/auth", tags=["sign-in"], dependencies=[Depends(passwords_open)])


class Credentials(BaseModel):
    email: Email
    password: Secret = Field(repr=False)


class Token(BaseModel):
    access_token: str = Field(
        description="A JWT, for the header Authorization: Bearer …", repr=False
    )
    token_type: Literal["bearer"] = "bearer"
    expires_in: int = Field(LIFETIME_S, description="Seconds.")


@router.post("/login", responses=described(400, 401, 403, 404, 405, 413, 422, 429, 503))
async def log_in(visitor: SomeVisitor, credentials: Credentials) -> Token:
    """E-mail and password, checked by PostgreSQL itself, for a token of fifteen minutes.

    401 says nothing about whether there is such an account. 403: it was a one-time password, which
    its owner must replace at the desk first.
    """
    token = await visitor.asks(
        lambda: visitor.sign_in.with_password(
            email=credentials.email, password=credentials.password, address=visitor.address
        )
    )
    return Token(access_token=token)


@router.post(
    "/logout",
    status_code=204,
    response_class=Response,
    responses=described(401, 404, 405, 413, 503),
)
async def log_out(caller: SomeCaller) -> None:
    """The token opens nothing any more."""
    await caller.signs_out()
