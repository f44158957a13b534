"""Sign-ins kept between starts: one entry of the keyring for each studio and person.

Everything runs off the UI thread: a keyring may ask its owner to unlock it first.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from studio_core.observability import get_logger
from studio_desktop.signin.keyrings import find_keyring, keyring_errors

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = get_logger(__name__)

_SERVICE = "tattoo-studio"
_VERSION = 1
# What the smallest of the systems takes: Windows stores 2,560 bytes, two for a letter.
_LARGEST = 1280


@dataclass(frozen=True)
class GoogleLogin:
    """One person's sign-in with Google on this desk. The times are by the server's clock.

    refresh_token: gets the next password; None where Google gave none, and then the sign-in ends
    with this password. kept: it stands in the keyring. ahead: how far the server's clock is
    before this computer's, as far as is known.
    """

    email: str
    role: str
    password: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    issued_at: datetime
    expires_at: datetime
    kept: bool = False
    ahead: timedelta = timedelta(0)


class KeptLogins:
    """find: gives the keyring, or None where there is none. studio: which one, in words."""

    def __init__(self, find: "Callable[[], KeyringBackend | None]" = find_keyring) -> None:
        self._find = find

    @property
    def available(self) -> bool:
        """Whether anything can be kept on this computer."""
        return self._keyring is not None

    def load(self, studio: str, email: str) -> GoogleLogin | None:
        if self._keyring is None:
            return None
        try:
            text = self._keyring.get_password(_service(studio), _person(email))
        except keyring_errors() as error:
            log.warning("keyring_not_read", reason=type(error).__name__)
            return None
        return _login(text) if text is not None else None

    def save(self, studio: str, login: GoogleLogin) -> GoogleLogin:
        """The same, with what became of it in .kept."""
        text = _text(login)
        if self._keyring is None or len(text) > _LARGEST:
            return replace(login, kept=False)
        try:
            self._keyring.set_password(_service(studio), _person(login.email), text)
        except keyring_errors() as error:
            log.warning("keyring_not_written", reason=type(error).__name__)
            return replace(login, kept=False)
        return replace(login, kept=True)

    def forget(self, studio: str, email: str) -> None:
        if self._keyring is None:
            return
        try:
            if self._keyring.get_password(_service(studio), _person(email)) is not None:
                self._keyring.delete_password(_service(studio), _person(email))
        except keyring_errors() as error:
            log.warning("keyring_not_emptied", reason=type(error).__name__)

    @cached_property
    def _keyring(self) -> "KeyringBackend | None":
        return self._find()


def _service(studio: str) -> str:
    return f"{_SERVICE} {studio}"


def _person(email: str) -> str:
    return email.strip().lower()


def _text(login: GoogleLogin) -> str:
    values = {**asdict(login), "v": _VERSION}
    for of_this_run in ("kept", "ahead"):
        del values[of_this_run]
    return json.dumps(values, default=datetime.isoformat, separators=(",", ":"))


def _login(text: str) -> GoogleLogin | None:
    """None for an entry of another version, or one that somebody else wrote."""
    try:
        values = json.loads(text)
        if values.pop("v") != _VERSION:
            return None
        for name in ("issued_at", "expires_at"):
            values[name] = datetime.fromisoformat(values[name])
        return GoogleLogin(**values, kept=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("keyring_entry_not_understood")
        return None
