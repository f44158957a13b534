"""Whether Google really says that somebody is who they are."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import id_token as google_id_token

from studio_core.errors import RuleError
from studio_core.integrations.google.published_keys import PublishedKeys

FRESH = timedelta(minutes=10)
"""How old a token may be that comes without a nonce of ours."""
_CLOCKS_DIFFER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom Google vouches for. fingerprint: of what it signed; no two tokens share one."""

    email: str
    nonce: str | None
    issued_at: datetime
    expires_at: datetime
    fingerprint: str

    def is_fresh(self, now: datetime) -> bool:
        return self.issued_at > now - FRESH


class IdTokens:
    """Verifies id_tokens for one client of one issuer."""

    def __init__(self, keys: PublishedKeys, *, certs_url: str, client_id: str, issuer: str) -> None:
        self._keys = keys
        self._certs_url = certs_url
        self._client_id = client_id
        # Google itself names itself in both ways.
        self._issuers = {issuer, issuer.removeprefix("https://")}

    def verify(self, token: str) -> Identity:
        """Signature, issuer, audience, times and a verified e-mail hold.

        The hosted domain (hd) has no say: who was invited is a matter of the studio's own list.
        Raises RuleError("google_refused") without a reason, UnavailableError("google_unreachable").
        """
        try:
            self._require_key(token)
            claims = google_id_token.verify_token(
                token,
                self._keys,
                audience=self._client_id,
                certs_url=self._certs_url,
                clock_skew_in_seconds=int(_CLOCKS_DIFFER.total_seconds()),
            )
            return self._identity(token, claims)
        # Deeply nested JSON runs Python's own parser out of its stack.
        except (GoogleAuthError, jwt.PyJWTError, ValueError, RecursionError) as error:
            raise RuleError("google_refused") from error

    def _require_key(self, token: str) -> None:
        """RS256 by a key of Google's, and nothing that a token would rather be checked with."""
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise ValueError("not signed as Google signs")
        if not self._keys.require(kid):
            raise ValueError("no key of Google's")

    def _identity(self, token: str, claims: Mapping[str, Any]) -> Identity:
        email, nonce = claims.get("email"), claims.get("nonce")
        if claims.get("iss") not in self._issuers or claims.get("aud") != self._client_id:
            raise ValueError("not for us")
        if claims.get("azp", self._client_id) != self._client_id:
            raise ValueError("given to another client")
        if claims.get("email_verified") is not True or not isinstance(email, str) or not email:
            raise ValueError("no verified e-mail")
        if nonce is not None and not isinstance(nonce, str):
            raise ValueError("no nonce")
        return Identity(
            email=email,
            nonce=nonce,
            issued_at=_instant(claims.get("iat")),
            expires_at=_instant(claims.get("exp")),
            fingerprint=_fingerprint(token),
        )


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**33:
        raise ValueError("no time")
    return datetime.fromtimestamp(value, UTC)


def _fingerprint(token: str) -> str:
    """Of the part that is signed: the signature can be written in more than one way."""
    return hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest()
