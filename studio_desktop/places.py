"""Where the studio's data is: the demo, this computer, or a server; chosen once.

Order: DATABASE_URL, then what this person chose, then a site file that IT put on the computer.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs

from studio_core.db.address import normalise_url
from studio_core.errors import ConfigError

Kind = Literal["demo", "local", "server"]

_APPLICATION = "tattoo-studio"
FILE_NAME = "desktop.toml"


@dataclass(frozen=True)
class Place:
    """database_url: only of a server, without user and password."""

    kind: Kind
    database_url: str | None = None


def user_file() -> Path:
    return platformdirs.user_config_path(_APPLICATION, appauthor=False) / FILE_NAME


def site_file() -> Path:
    return platformdirs.site_config_path(_APPLICATION, appauthor=False) / FILE_NAME


def known_place(
    environment: Mapping[str, str] = os.environ, files: tuple[Path, ...] | None = None
) -> Place | None:
    """None: nobody has chosen yet. Raises ConfigError for an address or a file that is wrong."""
    address = environment.get("DATABASE_URL", "").strip()
    if address:
        return Place("server", without_credentials(address))
    for path in files if files is not None else (user_file(), site_file()):
        place = _read(path)
        if place is not None:
            return place
    return None


def given(name: str, files: tuple[Path, ...] | None = None) -> str | None:
    """Another value of desktop.toml, such as studio_server_url; the person's file comes first.

    Raises ConfigError.
    """
    for path in files if files is not None else (user_file(), site_file()):
        value = _content(path).get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def remember(place: Place, path: Path | None = None) -> None:
    """Raises ConfigError("cannot_write")."""
    target = path or user_file()
    lines = [f'place = "{place.kind}"']
    if place.database_url is not None:
        quoted = place.database_url.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'database_url = "{quoted}"')
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError("cannot_write", path=target, reason=error.strerror or error) from error


def without_credentials(address: str) -> str:
    """The address as it may stand in a file: who signs in types who they are."""
    # URL.set() takes None for "as it was".
    url = normalise_url(address)._replace(username=None, password=None, drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _content(path: Path) -> dict[str, Any]:
    """Empty where there is no file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError("place_unreadable", path=path) from error


def _read(path: Path) -> Place | None:
    content = _content(path)
    if not content:
        return None
    kind = content.get("place")
    if kind == "demo":
        return Place("demo")
    if kind == "local":
        return Place("local")
    if kind == "server" and isinstance(content.get("database_url"), str):
        return Place("server", without_credentials(content["database_url"]))
    raise ConfigError("place_unreadable", path=path)
