"""What signing in with Google stands on: the studio's server and the program's name at Google."""

import os
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from studio_core.config import Settings
from studio_core.db.address import is_loopback
from studio_core.errors import ConfigError
from studio_desktop import places

_INSECURE, _RELAXED = "OAUTHLIB_INSECURE_TRANSPORT", "OAUTHLIB_RELAX_TOKEN_SCOPE"


@dataclass(frozen=True)
class GoogleSetup:
    """server_url: of studio-jobs serve. The other addresses are Google's."""

    server_url: str
    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str
    token_url: str
    revoke_url: str


def google_setup(settings: Settings, files: tuple[Path, ...] | None = None) -> GoogleSetup | None:
    """None where the studio's server or the program's name at Google is not given.

    The environment wins over desktop.toml, where IT may put them beside the place.
    Raises ConfigError.
    """
    server = settings.studio_server_url or places.given("studio_server_url", files)
    client_id = settings.google_client_id or places.given("google_client_id", files)
    if server is None or client_id is None:
        return None
    _require_encryption("STUDIO_SERVER_URL", server)
    if not settings.oauthlib_insecure_transport:
        for name in ("google_auth_url", "google_token_url", "google_revoke_url"):
            _require_encryption(name.upper(), getattr(settings, name), plain_on_loopback=False)
    secret = settings.google_client_secret
    return GoogleSetup(
        server_url=server.rstrip("/"),
        client_id=client_id,
        client_secret=secret.get_secret_value()
        if secret is not None
        else places.given("google_client_secret", files) or "",
        auth_url=settings.google_auth_url,
        token_url=settings.google_token_url,
        revoke_url=settings.google_revoke_url,
    )


def tell_oauthlib(settings: Settings, environment: MutableMapping[str, str] = os.environ) -> None:
    """The library under the flow reads its two switches from the environment alone, and takes any
    word for yes, "false" included."""
    switches = {
        _INSECURE: settings.oauthlib_insecure_transport,
        _RELAXED: settings.oauthlib_relax_token_scope,
    }
    for name, on in switches.items():
        if on:
            environment[name] = "1"
        else:
            environment.pop(name, None)


def _require_encryption(name: str, address: str, *, plain_on_loopback: bool = True) -> None:
    parts = urlsplit(address)
    host = parts.hostname or ""
    plain = plain_on_loopback and parts.scheme == "http" and is_loopback(host)
    if not host or not (parts.scheme == "https" or plain):
        raise ConfigError("bad_setting", name=name, reason="it must start with https://")
