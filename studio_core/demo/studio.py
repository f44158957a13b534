"""The demo studio on this computer: its own server, its own database, kept between starts."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, text

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.embedded.leases import FileLock
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate_if_needed
from studio_core.demo import cast as people
from studio_core.demo.fill import ZONE, ShowStage, demo_state, fill_demo
from studio_core.demo.logins import give_logins
from studio_core.errors import ConfigError
from studio_core.months import today

DATABASE = "tattoo_studio"
_PASSWORD_FILE = "demo-password"
_FILL_S = 300.0


@dataclass(frozen=True, slots=True)
class DemoStudio:
    """An open demo studio; close() gives its server back.

    url: the superuser's address. email, password: the owner's; all people share the password.
    """

    url: URL
    database_name: str
    email: str
    password: str
    people: tuple[people.Member, ...]
    backup_dir: Path
    server: EmbeddedServer

    def close(self) -> None:
        self.server.stop()


def open_demo(data_dir: Path, on_progress: ShowStage | None = None) -> DemoStudio:
    """Starts the demo studio's server in data_dir, and fills its database the first time.

    An interrupted first time is finished by the next one.

    Raises ConfigError("demo_folder_taken") where the folder holds a studio that is no demo.
    """
    say = on_progress or (lambda _stage, _done, _total: None)
    say("server", 0, 1)
    server = EmbeddedServer(data_dir)
    server.start()
    backup_dir = data_dir / "backups"
    try:
        # Of two programs that open a new demo at once, one fills it and the other waits.
        with FileLock(data_dir / "demo.lock", timeout_s=_FILL_S):
            url = server.create_database(DATABASE)
            password = _password(data_dir / _PASSWORD_FILE)
            with Database(url, application_name="studio demo", pool_size=1) as database:
                say("schema", 0, 1)
                migrate_if_needed(database)
                _require_demo(database, data_dir)
                fill_demo(database, today=today(ZONE), backup_dir=backup_dir, on_progress=say)
                give_logins(database, password)
    except BaseException:
        server.stop()
        raise
    email = people.OWNER.email
    assert email is not None
    return DemoStudio(url, DATABASE, email, password, people.MEMBERS, backup_dir, server)


def _require_demo(database: Database, data_dir: Path) -> None:
    with database.transaction() as session:
        if demo_state(session) is None and session.scalar(text("SELECT 1 FROM users LIMIT 1")):
            raise ConfigError("demo_folder_taken", folder=data_dir)


def _password(file: Path) -> str:
    """One for all the people, made at the first start."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(12))
    return file.read_text("ascii").strip()
