"""Forgetting what signing in leaves behind, for a daily chore of the server."""

from typing import Any, cast

from sqlalchemy import CursorResult, delete, func
from sqlalchemy.orm import Session

from studio_core.people.models import ApiToken, SigninAttempt, SigninNonce

_KEPT_S = 24 * 3600
"""A day: they may be wanted to understand what happened; far beyond the time that tries count."""


def forget_old_signins(session: Session) -> int:
    """Removes nonces and tokens that expired a day ago, and tries that count no more.

    Returns how many rows that were. What is still good for something is never touched, so any
    number of servers may call it at any time.
    """
    kept = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, _KEPT_S)
    removed = 0
    for statement in (
        delete(SigninNonce).where(SigninNonce.expires_at < kept),
        delete(ApiToken).where(ApiToken.expires_at < kept),
        delete(SigninAttempt).where(SigninAttempt.at < kept),
    ):
        done = cast("CursorResult[Any]", session.execute(statement))
        removed += done.rowcount
    return removed
