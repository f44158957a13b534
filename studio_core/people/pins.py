"""The PIN that opens a locked desk for people who sign in with Google and know no password here.

The database keeps a slow salted hash and how often it was missed, each person's own alone.
"""

import base64
import hashlib
import itertools
import secrets

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio_core.errors import RuleError

SHORTEST, LONGEST = 6, 12
# 32 MB and about a tenth of a second a try.
_COST, _BLOCK, _PARALLEL = 2**15, 8, 1
_MEMORY = 256 * 1024 * 1024
_SALT_BYTES, _KEY_BYTES = 16, 32
_DEAREST = 2**17


def set_own_pin(session: Session, *, pin: str | None) -> None:
    """Gives whoever is signed in this PIN, or takes it away.

    Raises RuleError: pin_malformed, pin_too_simple.
    """
    session.execute(select(func.studio.set_pin(None if pin is None else pin_hash(pin))))


def own_pin_opens(session: Session, *, pin: str) -> bool:
    """Whether it is the PIN of whoever is signed in. The try is noted: commit, right or wrong.

    False too where there is none. Raises RuleError("pin_wait", seconds) after too many wrong ones.
    """
    stored = session.scalars(select(func.studio.own_pin())).one()
    if stored is None:
        return False
    opens = pin_matches(pin, stored)
    session.execute(select(func.studio.note_pin_try(opens)))
    return opens


def has_own_pin(session: Session) -> bool:
    """Raises RuleError("pin_wait")."""
    return session.scalars(select(func.studio.own_pin())).one() is not None


def pin_hash(pin: str) -> str:
    """As text: scrypt$cost$block$parallel$salt$key. Raises RuleError: pin_malformed,
    pin_too_simple."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise RuleError("pin_malformed", shortest=SHORTEST, longest=LONGEST)
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:  # 000000, 123456, 654321
        raise RuleError("pin_too_simple")
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _key(pin, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${_text(salt)}${_text(key)}"


def pin_matches(pin: str, stored: str) -> bool:
    """False for a stored text that is no hash of ours, or one too dear to compute."""
    try:
        name, cost, block, parallel, salt, key = stored.split("$")
        numbers = int(cost), int(block), int(parallel)
        if name != "scrypt" or numbers[0] > _DEAREST or numbers[1:] != (_BLOCK, _PARALLEL):
            return False
        wanted = base64.b64decode(key, validate=True)
        found = _key(pin, base64.b64decode(salt, validate=True), *numbers)
    except ValueError:
        return False
    return secrets.compare_digest(found, wanted)


def _key(pin: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=_KEY_BYTES
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
