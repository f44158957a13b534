"""The keys that sign the tokens of sign-in over HTTP, and which of them nobody should trust.

JWT_SECRET_KEY is one secret, or several as kid:secret with commas: the first signs, the others
still verify what they signed before, so that keys are changed without signing anybody out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from studio_core.config import Settings
from studio_core.errors import ConfigError

SHORTEST_BYTES = 32
"""What HS256 needs to be no weaker than its own digest (RFC 7518, 3.2)."""

_ONLY_KID = "1"
_NAMED = re.compile(r"(?P<kid>[A-Za-z0-9_-]{1,32}):(?P<secret>.+)")
_FEWEST_SIGNS = 10
# Words of secrets that were copied from an example and never replaced.
_EXAMPLES = re.compile(
    r"change.?(me|this|it|in.?production)|your.?(own|jwt|flask|secret|key)|my.?secret|super.?secret"
    r"|secret.?key|example|default|insecure|placeholder|replace.?(me|this)|password|development"
    r"|0123456789|1234567890|abcdefgh|qwerty",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """by_id: every key that verifies. current: the id of the one that signs."""

    current: str
    by_id: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls, written: str, *, setting: str) -> "SigningKeys":
        """Raises ConfigError("bad_setting") for an empty key or an id given twice."""
        keys: dict[str, bytes] = {}
        for part in written.split(","):
            found = _NAMED.fullmatch(part.strip())
            kid, secret = (found["kid"], found["secret"]) if found else (_ONLY_KID, part.strip())
            if not secret or kid in keys:
                reason = "it must be one secret, or kid:secret with commas, each kid once"
                raise ConfigError("bad_setting", name=setting, reason=reason)
            keys[kid] = secret.encode()
        return cls(next(iter(keys)), keys)


def signing_keys(settings: Settings) -> SigningKeys | None:
    """The keys in force; None where there are none, and so no sign-in over HTTP.

    Raises ConfigError("secret_weak") for one that can be guessed, outside development.
    """
    named = (
        ("JWT_SECRET_KEY", settings.jwt_secret_key),
        ("FLASK_SECRET_KEY", settings.flask_secret_key),
    )
    for name, secret in named:
        if secret is not None:
            keys = SigningKeys.read(secret.get_secret_value(), setting=name)
            if settings.studio_env != "development":
                _refuse_weak(keys, name)
            return keys
    return None


def weakness(secret: bytes) -> str | None:
    """Why a secret is none; None for a good one. The secret itself is not in the words."""
    if len(secret) < SHORTEST_BYTES:
        return f"it has {len(secret)} bytes, and {SHORTEST_BYTES} are the least"
    if len(set(secret)) < _FEWEST_SIGNS:
        return "it repeats a few signs"
    if _EXAMPLES.search(secret.decode(errors="replace")):
        return "it is an example that was never replaced"
    return None


def _refuse_weak(keys: SigningKeys, setting: str) -> None:
    for secret in keys.by_id.values():
        reason = weakness(secret)
        if reason is not None:
            raise ConfigError("secret_weak", name=setting, reason=reason)
