"""Signing in with Google: a nonce to ask it with, and a login for the token that it gives."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from server_jobs.api.caller import SomeVisitor, google_open
from server_jobs.api.problems import described
from server_jobs.api.texts import DeviceId, IdToken, Nonce
from studio_core.people.nonces import NONCE_LIFETIME_S

router = APIRouter(prefix="/auth/google", tags=["sign-in"], dependencies=[Depends(google_open)])


class NewNonce(BaseModel):
    nonce: str = Field(description="Goes into the request to Google, and comes back here once.")
    expires_in: int = Field(NONCE_LIFETIME_S, description="Seconds.")
    client_id: str = Field(description="Of this studio at Google.")


class GoogleToken(BaseModel):
    id_token: IdToken = Field(description="As Google signed it.", repr=False)
    device: DeviceId = Field(description="Made up by the computer once, and kept.")
    nonce: Nonce | None = Field(
        None,
        description="Of the first sign-in on this device; without it a login is renewed.",
        repr=False,
    )


class Login(BaseModel):
    """What the desktop signs in to PostgreSQL with."""

    role: str
    password: str = Field(repr=False)
    expires_at: datetime
    email: str
    name: str
    database: str


@router.post("/nonce", responses=described(404, 405, 413, 429, 503))
async def new_nonce(visitor: SomeVisitor) -> NewNonce:
    """For one sign-in, within ten minutes. 404: this studio does not use Google."""
    nonce, client_id = await visitor.asks(
        lambda: visitor.sign_in.new_nonce(address=visitor.address)
    )
    return NewNonce(nonce=nonce, client_id=client_id)


@router.post("", responses=described(400, 401, 404, 405, 413, 422, 429, 503))
async def sign_in_with_google(visitor: SomeVisitor, token: GoogleToken) -> Login:
    """A role and a password for this device, for some hours, for somebody who was invited.

    With the nonce of the first sign-in, or without one to renew a login of the same person on the
    same device; then the token must be younger than ten minutes. Each token works once.
    """
    login = await visitor.asks(
        lambda: visitor.sign_in.with_google(
            id_token=token.id_token,
            device=UUID(token.device),
            nonce=token.nonce,
            address=visitor.address,
        )
    )
    return Login(
        role=login.role,
        password=login.password,
        expires_at=login.expires_at.replace(microsecond=0),
        email=login.email,
        name=login.name,
        database=visitor.sign_in.database_name,
    )
