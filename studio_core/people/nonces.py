"""What may be used once on the way in: nonces that we gave out, and id_tokens that came back.

Only digests are kept, so that whoever reads the table can use nothing of it.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from studio_core.people.models import SigninNonce

NONCE_LIFETIME_S = 600


def issue_nonce(session: Session) -> str:
    """A fresh one, good for NONCE_LIFETIME_S seconds, on any of several servers."""
    nonce = secrets.token_urlsafe(32)
    lifetime = func.make_interval(0, 0, 0, 0, 0, 0, NONCE_LIFETIME_S)
    session.execute(
        insert(SigninNonce).values(
            nonce=_digest("nonce", nonce), expires_at=func.clock_timestamp() + lifetime
        )
    )
    return nonce


def use_nonce(session: Session, nonce: str) -> bool:
    """Whether it was one of ours, in time and never used. Of several at once one is told yes."""
    used = session.execute(
        update(SigninNonce)
        .where(
            SigninNonce.nonce == _digest("nonce", nonce),
            SigninNonce.used_at.is_(None),
            SigninNonce.expires_at > func.clock_timestamp(),
        )
        .values(used_at=func.clock_timestamp())
        .returning(SigninNonce.nonce)
    )
    return used.one_or_none() is not None


def use_id_token(session: Session, fingerprint: str, *, until: datetime) -> bool:
    """Whether it comes for the first time. until: when it would be refused anyhow."""
    used = session.execute(
        insert(SigninNonce)
        .values(
            nonce=_digest("id_token", fingerprint),
            expires_at=until,
            used_at=func.clock_timestamp(),
        )
        .on_conflict_do_nothing()
        .returning(SigninNonce.nonce)
    )
    return used.one_or_none() is not None


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\n{value}".encode()).hexdigest()
