"""How often somebody may try to sign in: counted in the database, so that all servers share it.

A try is written down before it is made. So a hundred at once are counted as a hundred, and one
that was cut off counts. A success is a line of its own that cancels its try.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.errors import RuleError

WINDOW_S = 900

_COUNT = text("""
SELECT coalesce(sum(CASE WHEN ok THEN -1 ELSE 1 END), 0) AS tries,
       greatest(1, ceil(extract(epoch FROM
           min(at) FILTER (WHERE NOT ok) + make_interval(secs => :window_s) - clock_timestamp()
       )))::integer AS wait_s
FROM signin_attempts
WHERE at > clock_timestamp() - make_interval(secs => :window_s)
  AND CASE WHEN CAST(:account AS text) IS NULL THEN address = :address
           ELSE account_hash = :account END
""")
_HOLD = text("SELECT pg_advisory_xact_lock(hashtext('studio.signin'), hashtext(:whose))")
_NOTE = text(
    "INSERT INTO signin_attempts (account_hash, address, ok) VALUES (:account, :address, :ok)"
)
# What no account was named for, such as asking for a nonce.
_NOBODY = "-"


@dataclass(frozen=True, slots=True)
class TryLimits:
    """How many failed tries within WINDOW_S seconds are let through."""

    account: int = 10
    address: int = 60


class TooManyTriesError(RuleError):
    """wait_s: after so many seconds another try is let through."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("too_many_tries", minutes=-(-wait_s // 60))
        self.wait_s = wait_s


def begin_try(session: Session, limits: TryLimits, *, address: str, account: str | None) -> None:
    """Writes down that a try begins; the caller commits before it makes it.

    account: what is signed in to, in any one spelling; None when none is named.
    Raises TooManyTriesError, and then nothing is written: waiting is enough.
    """
    hashed = account_hash(account)
    # Always in this order, so that two tries never wait for each other.
    for whose in (hashed, address):
        if whose != _NOBODY:
            session.execute(_HOLD, {"whose": whose})
    if account is not None:
        _refuse_beyond(session, limits.account, account=hashed, address=address)
    _refuse_beyond(session, limits.address, account=None, address=address)
    session.execute(_NOTE, {"account": hashed, "address": address, "ok": False})


def note_success(session: Session, *, address: str, account: str | None) -> None:
    """Cancels the try that has just succeeded."""
    session.execute(_NOTE, {"account": account_hash(account), "address": address, "ok": True})


def account_hash(account: str | None) -> str:
    """How an account stands in the table of tries and in the log."""
    if account is None:
        return _NOBODY
    return hashlib.sha256(account.encode()).hexdigest()[:32]


def _refuse_beyond(session: Session, limit: int, *, account: str | None, address: str) -> None:
    found = session.execute(
        _COUNT, {"account": account, "address": address, "window_s": WINDOW_S}
    ).one()
    if found.tries >= limit:
        raise TooManyTriesError(found.wait_s or 1)
