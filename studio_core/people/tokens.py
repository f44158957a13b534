"""Tokens of sign-in over HTTP: short-lived, signed, each on record so that it can be revoked.

Only the signature, the times and the audience are taken from a token; who its holder is and
whether they may still come in is asked of the database every time.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

import jwt
from sqlalchemy import func, insert, text, update
from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.people.models import ApiToken
from studio_core.people.signing_keys import SigningKeys

ISSUER = "tattoo-studio"
LIFETIME_S = 900
_ALGORITHM = "HS256"
# The database's clock writes the times and decides when a token ends; ours may differ a little.
_CLOCKS_DIFFER_S = 60
_CLAIMS = ("iss", "aud", "sub", "jti", "iat", "nbf", "exp")
_HOLDER = text("""
SELECT t.role_name, t.user_id
FROM api_tokens t
JOIN users u ON u.id = t.user_id AND u.active AND u.access IS NOT NULL
-- An e-mail may have gone to somebody else, and a password may have been reset.
JOIN user_logins l ON l.role_name = t.role_name AND l.user_id = t.user_id AND NOT l.must_change
JOIN pg_catalog.pg_roles r ON r.rolname = t.role_name AND r.rolcanlogin
WHERE t.jti = :jti AND t.role_name = :role AND t.revoked_at IS NULL
  AND t.expires_at > clock_timestamp()
  AND (r.rolvaliduntil IS NULL OR r.rolvaliduntil > clock_timestamp())
""")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is. role: the login role that they act under."""

    role: str
    user_id: int
    jti: UUID


def issue_token(
    session: Session, keys: SigningKeys, *, audience: str, role: str, user_id: int
) -> str:
    """A token for somebody who has just proved who they are. audience: the studio's database."""
    jti = uuid4()
    issued_at, expires_at = session.execute(
        insert(ApiToken)
        .values(
            jti=jti,
            role_name=role,
            user_id=user_id,
            expires_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, LIFETIME_S),
        )
        .returning(ApiToken.issued_at, ApiToken.expires_at)
    ).one()
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sub": role,
        "jti": str(jti),
        "iat": issued_at,
        "nbf": issued_at,
        "exp": expires_at,
    }
    return jwt.encode(
        claims, keys.by_id[keys.current], algorithm=_ALGORITHM, headers={"kid": keys.current}
    )


def token_holder(session: Session, keys: SigningKeys, *, audience: str, token: str) -> Holder:
    """Whose token this is. Raises RuleError("token_refused"), for whatever reason."""
    jti, role = _read(keys, audience, token)
    found = session.execute(_HOLDER, {"jti": jti, "role": role}).one_or_none()
    if found is None:
        raise RuleError("token_refused")
    return Holder(found.role_name, found.user_id, jti)


def revoke_token(session: Session, jti: UUID) -> None:
    """From now on the token opens nothing."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.jti == jti, ApiToken.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp())
    )


def _read(keys: SigningKeys, audience: str, token: str) -> tuple[UUID, str]:
    """What a token of ours says, once its signature, times, issuer and audience hold."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = keys.by_id.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise RuleError("token_refused")
        claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            leeway=_CLOCKS_DIFFER_S,
            options={"require": list(_CLAIMS), "strict_aud": True},
        )
        return UUID(claims["jti"]), claims["sub"]
    # Deeply nested JSON runs Python's own parser out of its stack.
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise RuleError("token_refused") from error
