"""The studio's clients, for programs of people who may see them."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from server_jobs.api.caller import SomeCaller
from server_jobs.api.problems import described
from server_jobs.api.texts import WITHOUT_NUL, SearchText
from studio_core.clients.contacts import page_of_contacts

router = APIRouter(prefix="/clients/api", tags=["clients"])

_Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]
_After = Annotated[
    str | None,
    Query(
        max_length=8192,
        pattern=WITHOUT_NUL,
        description="What the page before said is next; with the same search.",
    ),
]
_Search = Annotated[
    SearchText,
    Query(description="Parts of a name or an e-mail, or digits of a phone or a CPF; all if empty."),
]


class ClientContact(BaseModel):
    id: int
    name: str
    social_name: str | None
    phone: str | None = Field(description="In E.164.")
    email: str | None


class ClientPage(BaseModel):
    clients: list[ClientContact]
    next: str | None = Field(description="Pass it as after= for the next page; null on the last.")


@router.get("/list", responses=described(401, 403, 404, 405, 422, 503))
async def list_clients(
    caller: SomeCaller, after: _After = None, limit: _Limit = 100, search: _Search = ""
) -> ClientPage:
    """The clients that the caller may see, by name."""
    page = await caller.does(
        lambda session: page_of_contacts(session, search=search, after=after, limit=limit)
    )
    return ClientPage(
        clients=[
            ClientContact(
                id=contact.id,
                name=contact.name,
                social_name=contact.social_name,
                phone=contact.phone,
                email=contact.email,
            )
            for contact in page.contacts
        ],
        next=page.next,
    )
