"""From one major version of PostgreSQL to the next: this computer's studio moves to a new cluster.

Backed up with the server that its data were made with, restored into a new cluster beside it,
compared, and only then put in its place; the old one is kept aside. Whatever fails before leaves
the studio as it was, and a program that is killed in the middle is made up for at the next start.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from psycopg2 import sql
from psycopg2.extensions import encrypt_password
from sqlalchemy import URL

from studio_core.backups.create import create_full_backup
from studio_core.backups.restore import restore_full_backup
from studio_core.db import objects
from studio_core.db.embedded import EmbeddedServer, find_binaries
from studio_core.db.embedded.binaries import Binaries, find_server
from studio_core.db.engine import Database, raw_connection
from studio_core.db.migrations import current_revision
from studio_core.errors import ConfigError
from studio_core.extrato.runs import Progress
from studio_core.observability import get_logger

_log = get_logger(__name__)

_FOLDER, _READY, _CLUSTER = "upgrade", "ready", "cluster"
ShowStage = Callable[[str, int, int], object]
"""Called with the code of a stage, steps done and steps in total."""


def upgrade_if_needed(
    data_dir: Path, database: str, *, backup_dir: Path, on_stage: ShowStage
) -> None:
    """Brings the cluster in data_dir to the version of the program's own PostgreSQL, where the one
    that made it is on this computer, too; where it is not, starting the server says so.

    The backup goes to backup_dir and stays. on_stage: "upgrade_backup", then "upgrade_restore".
    Raises what making and restoring a backup raise, and UnavailableError: server_in_use,
    server_lock_busy.
    """
    server = EmbeddedServer(data_dir)
    if (data_dir / _FOLDER).exists():
        with server.kept_from_others():
            _take_over(data_dir)
    versions = _versions(server)
    if versions is None:
        return
    old, new = versions
    _log.info("upgrade_started", found=old.major, expected=new.major)
    with EmbeddedServer(data_dir, binaries=old).kept_from_others() as held:
        try:
            path, password = _backed_up(held, database, backup_dir, on_stage)
            beside = EmbeddedServer(data_dir / _FOLDER, binaries=new)
            with beside:
                if path is not None:
                    url = beside.url.set(database=database)
                    restore_full_backup(url, path, on_progress=_shown(on_stage, "upgrade_restore"))
                _keep_password(beside.url, password)
            _set_ready(data_dir, old.major)
        finally:
            _take_over(data_dir)
    _log.info("upgrade_done", file=path and path.name)


def _versions(server: EmbeddedServer) -> tuple[Binaries, Binaries] | None:
    """What made the data, and what is to go on with them; None where nothing can be done."""
    new, found = find_binaries(), server.major
    if found is None or found >= new.major:
        return None
    try:
        return find_server(found), new
    except ConfigError:
        return None


def _backed_up(
    server: EmbeddedServer, database: str, backup_dir: Path, on_stage: ShowStage
) -> tuple[Path | None, str]:
    """The file, None where there is nothing to back up yet; and the administrator's password."""
    with server:
        url = server.create_database(database)
        with Database(url, application_name="studio upgrade", pool_size=2) as studio:
            with studio.transaction() as session:
                if current_revision(session) is None:
                    return None, str(url.password)
                # Its tables may be of an older program, which made no such backups; they are
                # brought up to date in the new cluster, and this one stays what it was.
                objects.prepare_backup(session.connection())
            made = create_full_backup(
                studio,
                directory=backup_dir,
                on_progress=_shown(on_stage, "upgrade_backup"),
            )
    return backup_dir / made.file_name, str(url.password)


def _keep_password(url: URL, password: str) -> None:
    """Beside the data the old cluster's password is written down."""
    connection = raw_connection(url, application_name="studio upgrade")
    try:
        with connection.cursor() as cursor:
            user = str(url.username)
            verifier = encrypt_password(password, user, scope=connection, algorithm="scram-sha-256")
            cursor.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(user), sql.Literal(verifier)
                )
            )
    finally:
        connection.close()


def _shown(on_stage: ShowStage, stage: str) -> Callable[[Progress], None]:
    def show(progress: Progress) -> None:
        on_stage(stage, progress.rows_done, progress.rows_total)

    return show


def _set_ready(data_dir: Path, major: int) -> None:
    """From here on the new cluster counts. The mark says where the old one is kept."""
    aside, number = data_dir / f"{_CLUSTER}-{major}", 1
    while aside.exists():
        number += 1
        aside = data_dir / f"{_CLUSTER}-{major}-{number}"
    mark = data_dir / _FOLDER / _READY
    unfinished = mark.with_suffix(".new")
    unfinished.write_text(aside.name, "utf-8")
    unfinished.rename(mark)


def _take_over(data_dir: Path) -> None:
    """Puts a new cluster that is ready in its place, wherever that was interrupted; what is not
    ready goes. The caller keeps others away."""
    folder = data_dir / _FOLDER
    if not folder.exists():
        return
    EmbeddedServer(folder).stop()  # Of a program that was killed.
    if (folder / _READY).exists():
        current, new = data_dir / _CLUSTER, folder / _CLUSTER
        aside = data_dir / (folder / _READY).read_text("utf-8")
        if new.exists():
            if current.exists():
                current.rename(aside)
            new.rename(current)
    shutil.rmtree(folder)
