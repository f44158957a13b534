"""One press of a button is done once, however often it is sent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from studio_core.errors import RuleError

# The domain's model stands above this floor; three columns are all that is needed here.
_requests = table(
    "requests", column("request_id", Uuid), column("action", Text), column("result", JSONB)
)


def once(
    session: Session, request_id: UUID, action: str, work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The result of work(), run only if this request was not done before.

    work: writes through the same session and returns what JSON can hold. When two desks send one
    request at the same moment, the second waits for the first: it gets that result, or does the
    work itself where the first rolled back. A refusal takes the claim back, so that the same
    request may be tried again.
    Raises RuleError("request_reused") for a request_id that belongs to another action or to
    somebody else.
    """
    with session.begin_nested():
        claimed = session.execute(
            insert(_requests)
            .values(request_id=request_id, action=action)
            .on_conflict_do_nothing()
            .returning(_requests.c.request_id)
        ).one_or_none()
        if claimed is None:
            return _done_before(session, request_id, action)
        result = work()
        session.execute(
            update(_requests).where(_requests.c.request_id == request_id).values(result=result)
        )
        return result


def _done_before(session: Session, request_id: UUID, action: str) -> dict[str, Any]:
    found = session.execute(
        select(_requests.c.action, _requests.c.result).where(_requests.c.request_id == request_id)
    ).one_or_none()
    if found is None or found.action != action or found.result is None:
        raise RuleError("request_reused")
    result: dict[str, Any] = found.result
    return result
