"""Whether what was typed at a locked desk is the person's own secret. Runs off the UI thread."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from sqlalchemy import URL

from studio_core.db.engine import Database
from studio_core.errors import RuleError, UnavailableError

# As slow as a person does not notice and a thief does: about 50 ms and 16 MB a try.
_COST, _BLOCK, _LANES = 2**14, 8, 1


@dataclass(frozen=True)
class Remembered:
    """A password that was right once, in a form that only says whether another is the same."""

    salt: bytes
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str) -> "Remembered":
        salt = secrets.token_bytes(16)
        return cls(salt, _digest(password, salt))

    def is_same(self, password: str) -> bool:
        return hmac.compare_digest(self.digest, _digest(password, self.salt))


def check_password(address: URL, role: str, password: str, remembered: Remembered) -> None:
    """The database decides; while it is away, what signed in here does.

    A changed password counts at once, and a lost network locks nobody out of a typed form.
    Raises RuleError("unlock_refused"), and UnavailableError never.
    """
    url = address.set(username=role, password=password)
    try:
        with Database(url, application_name="studio-desktop unlock", pool_size=1) as database:
            database.check()
    except UnavailableError:
        if not remembered.is_same(password):
            raise RuleError("unlock_refused") from None
    except RuleError as error:
        raise RuleError("unlock_refused") from error


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES)
