"""Studios on this computer: the demo, and one of one's own. Runs off the UI thread."""

from collections.abc import Callable
from dataclasses import dataclass

from studio_core.config import data_dir
from studio_core.errors import ConfigError
from studio_desktop.places import Place

Report = Callable[[str, int, int], object]
"""Called with a stage in words, rows done and rows in total (0: unknown)."""


@dataclass(frozen=True)
class NewStudio:
    """What setting up a studio on this computer asks for."""

    studio: str
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class OpenedPlace:
    """A running studio. password: None where somebody has to sign in. close() gives it back."""

    url: str
    email: str
    password: str | None
    close: Callable[[], object]


def open_place(
    place: Place, new_studio: NewStudio | None = None, report: Report | None = None
) -> OpenedPlace:
    """Start the studio's own server, and make what is missing. Raises StudioError."""
    if place.kind == "demo":
        return _open_demo(report)
    return _open_local(new_studio)


def _open_demo(report: Report | None) -> OpenedPlace:
    from studio_core.demo.studio import open_demo

    demo = open_demo(data_dir() / "demo", report)
    return OpenedPlace(str(demo.url), demo.email, demo.password, demo.close)


def _open_local(new_studio: NewStudio | None) -> OpenedPlace:
    raise ConfigError("local_not_available")
