"""The keyring of the operating system: the only place on disk where a sign-in may be kept.

Only backends that encrypt and belong to the person: never one that a configuration file, a
variable or an installed package names, for some of those write plain text.
"""

import sys
from typing import TYPE_CHECKING

from studio_core.observability import get_logger

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = get_logger(__name__)


def find_keyring() -> "KeyringBackend | None":
    """The one that works here, None for none. May ask the session's bus: off the UI thread."""
    not_usable: tuple[type[Exception], ...] = (RuntimeError, *keyring_errors())
    for kind in _allowed():
        try:
            priority = kind.priority
        except not_usable as reason:
            log.info("keyring_not_usable", backend=kind.__module__, reason=str(reason))
            continue
        log.info("keyring_found", backend=kind.__module__, priority=priority)
        return _local(kind())
    return None


def keyring_errors() -> tuple[type[Exception], ...]:
    """What the backends of this system raise; each has errors of its own besides keyring's."""
    from keyring.errors import KeyringError

    # A bus or a daemon that went away is an OSError or, half-way through a message, an EOFError.
    known: list[type[Exception]] = [KeyringError, OSError, EOFError]
    if sys.platform == "win32":
        from win32ctypes.pywin32 import pywintypes

        known.append(pywintypes.error)
    elif sys.platform != "darwin":
        from jeepney import DBusErrorResponse
        from secretstorage.exceptions import SecretStorageException

        known += [SecretStorageException, DBusErrorResponse]
    return tuple(known)


def _allowed() -> "list[type[KeyringBackend]]":
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return [WinVaultKeyring]
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain

        return [Keychain]
    from keyring.backends.kwallet import DBusKeyring, DBusKeyringKWallet4
    from keyring.backends.SecretService import Keyring as SecretService

    return [SecretService, DBusKeyring, DBusKeyringKWallet4]


def _local(backend: "KeyringBackend") -> "KeyringBackend":
    """What is kept is for this computer: Windows would carry it to others of the domain."""
    if sys.platform == "win32":
        backend.persist = "local machine"
    return backend
