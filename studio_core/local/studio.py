""" "This computer only": an own server and database for real use, empty at first."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate_if_needed
from studio_core.local.upgrade import ShowStage, upgrade_if_needed

DATABASE = "tattoo_studio"


@dataclass(frozen=True, slots=True)
class LocalStudio:
    """An open local studio; close() gives its server back. url: the superuser's address."""

    url: URL
    server: EmbeddedServer

    def close(self) -> None:
        self.server.stop()


def open_local(
    data_dir: Path, *, backup_dir: Path, on_stage: ShowStage | None = None
) -> LocalStudio:
    """Starts the studio's server in data_dir; makes its database, without people, the first time.

    Data of an older PostgreSQL are backed up to backup_dir and moved to a new cluster first.
    The first owner is made by people.actions.set_up_owner.
    """
    say = on_stage or (lambda _stage, _done, _total: None)
    upgrade_if_needed(data_dir, DATABASE, backup_dir=backup_dir, on_stage=say)
    server = EmbeddedServer(data_dir)
    server.start()
    try:
        url = server.create_database(DATABASE)
        with Database(url, application_name="studio local", pool_size=1) as database:
            migrate_if_needed(database)
    except BaseException:
        server.stop()
        raise
    return LocalStudio(url, server)
