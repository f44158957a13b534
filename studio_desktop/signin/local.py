"""Studios on this computer: the demo, and one of one's own. Runs off the UI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from studio_core.config import data_dir
from studio_desktop.places import Place

Report = Callable[[str, int, int], None]
"""Called with the code of a stage, steps done and steps in total."""


@dataclass(frozen=True)
class NewStudio:
    """What setting up a studio on this computer asks for."""

    studio: str
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class OpenedPlace:
    """A running studio. password: None where somebody has to sign in. close() gives it back.

    backup_dir: of the demo, which keeps its backups to itself; None for the one of the settings.
    backs_up: whether its full backups are made here, since no server makes them.
    """

    url: URL
    email: str
    password: str | None
    close: Callable[[], object]
    backup_dir: Path | None = None
    backs_up: bool = False


def open_place(
    place: Place,
    backup_dir: Path,
    new_studio: NewStudio | None = None,
    report: Report | None = None,
) -> OpenedPlace:
    """Start the studio's own server, and make what is missing. Raises StudioError.

    backup_dir: of the settings, for the backup before a new version of the database.
    """
    if place.kind == "demo":
        return _open_demo(report)
    return _open_local(backup_dir, new_studio, report)


def _open_demo(report: Report | None) -> OpenedPlace:
    from studio_core.demo.studio import open_demo

    demo = open_demo(data_dir() / "demo", report)
    return OpenedPlace(demo.url, demo.email, demo.password, demo.close, demo.backup_dir)


def _open_local(
    backup_dir: Path, new_studio: NewStudio | None, report: Report | None
) -> OpenedPlace:
    from studio_core.local.studio import open_local

    studio = open_local(data_dir() / "studio", backup_dir=backup_dir, on_stage=report)
    if new_studio is not None:
        try:
            _set_up(studio.url, new_studio)
        except BaseException:
            studio.close()
            raise
    email = new_studio.email if new_studio else ""
    return OpenedPlace(studio.url, email, None, studio.close, backs_up=True)


def _set_up(url: URL, new_studio: NewStudio) -> None:
    from studio_core.db.engine import Database
    from studio_core.people.actions import set_up_owner
    from studio_core.settings.models import Setting
    from studio_desktop.signin.session import NAME_KEY

    with (
        Database(url, application_name="studio-desktop setup") as database,
        database.transaction() as session,
    ):
        set_up_owner(
            session,
            name=new_studio.name,
            email=new_studio.email,
            password=new_studio.password,
        )
        session.add(Setting(key=NAME_KEY, value=new_studio.studio))
