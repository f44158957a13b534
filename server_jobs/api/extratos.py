"""Asking for a month to be closed."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from server_jobs.api.caller import SomeCaller
from server_jobs.api.problems import described
from studio_core.extrato.requests import request_extrato, request_state
from studio_core.months import Month

router = APIRouter(prefix="/extrato", tags=["extrato"])

_Year = Annotated[int, Path(ge=2000, le=2100)]
_MonthNumber = Annotated[int, Path(ge=1, le=12)]


class Wish(BaseModel):
    force: bool = Field(False, description="Close a closed month once more.", strict=True)


class FiledRequest(BaseModel):
    request_id: int
    run_id: int | None = Field(description="Of the run that works on it; null before it began.")


@router.post(
    "/{year}/{month}",
    status_code=202,
    responses=described(400, 401, 403, 404, 405, 413, 422, 503),
)
async def request_month(
    caller: SomeCaller, year: _Year, month: _MonthNumber, wish: Wish | None = None
) -> FiledRequest:
    """Files an owner's wish; the server backs the month up and closes it.

    A month that is waiting already keeps its request.
    """
    wanted, force = Month(year, month), wish is not None and wish.force

    def file_it(session: Session) -> FiledRequest:
        request_id = request_extrato(session, month=wanted, force=force)
        state = request_state(session, request_id)
        return FiledRequest(request_id=request_id, run_id=state.run_id if state else None)

    return await caller.does(file_it)
