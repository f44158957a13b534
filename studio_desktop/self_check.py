"""What works on this computer, a line each; for installers and for the person on the phone."""

import os
from collections.abc import Callable
from typing import TextIO

from PySide6.QtCore import qVersion
from PySide6.QtGui import QImageReader

from studio_core import __version__
from studio_core.config import load_settings
from studio_core.db.embedded import find_binaries
from studio_core.db.engine import normalise_url
from studio_core.errors import StudioError
from studio_core.resources import resource
from studio_desktop import places
from studio_desktop.catalogue import screen_entries
from studio_desktop.languages import LANGUAGES
from studio_desktop.sentences import sentence_of
from studio_desktop.signin.google.broker import Broker
from studio_desktop.signin.google.setup import google_setup
from studio_desktop.signin.keyrings import find_keyring
from studio_desktop.signin.probe import probe
from studio_desktop.theme.fonts import family
from studio_desktop.theme.theme import Theme

Check = tuple[str, Callable[[], str]]


class _FailedError(Exception):
    """A check that found something missing; str() says what to do."""


def run_self_check(theme: Theme, out: TextIO) -> int:
    """0 when everything works, 1 otherwise."""
    checks: list[Check] = [
        ("program", lambda: f"studio-desktop {__version__}"),
        ("qt", lambda: f"Qt {qVersion()}"),
        ("svg", _svg),
        ("font", family),
        ("icons", lambda: f"{len(theme.icons.names())} icons"),
        ("tokens", lambda: f"{len(theme.tokens.light.artists)} artist colours"),
        ("translations", _translations),
        ("screens", lambda: ", ".join(entry.key for entry in screen_entries()) or "none"),
        ("postgresql", _binaries),
        ("database", _database),
        ("google", _google),
        ("keyring", _keyring),
    ]
    failures = 0
    for name, check in checks:
        try:
            found, good = check(), True
        except (StudioError, _FailedError, OSError) as error:
            found = sentence_of(error) if isinstance(error, StudioError) else str(error)
            good = False
        failures += not good
        out.write(f"{'ok  ' if good else 'FAIL'}  {name:<13}{found}\n")
    return 1 if failures else 0


def _svg() -> str:
    formats = {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}
    if "svg" not in formats:
        raise _FailedError("Qt cannot read SVG; reinstall the program")
    return "Qt reads SVG"


def _translations() -> str:
    missing = [
        code for code in LANGUAGES if code != "en" and not resource("i18n", f"{code}.qm").is_file()
    ]
    if missing:
        raise _FailedError(f"{', '.join(missing)}.qm is missing; run: python make.py translations")
    return ", ".join(LANGUAGES)


def _binaries() -> str:
    return str(find_binaries().folder)


def _google() -> str:
    setup = google_setup(load_settings())
    place = places.known_place(os.environ)
    if setup is None or place is None or place.database_url is None:
        return "not set up"
    broker = Broker(setup.server_url, normalise_url(place.database_url))
    broker.nonce(setup.client_id)
    return f"{setup.server_url} is ready to sign people in"


def _keyring() -> str:
    found = find_keyring()
    return found.name if found is not None else "none: Google is asked again at every start"


def _database() -> str:
    place = places.known_place(os.environ)
    if place is None:
        return "not chosen yet"
    if place.database_url is None:
        return f"on this computer ({place.kind})"
    return f"{probe(normalise_url(place.database_url))} answers"
