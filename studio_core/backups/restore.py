"""Bringing a whole studio back, with its people's passwords, on this server or on another.

What arrives is compared with what was counted when the backup was made, before it is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, delete, select, text, update

from studio_core.backups.file import DUMP, FullFile, read_full
from studio_core.backups.logins import Surroundings, make_login, make_others, set_settings
from studio_core.backups.manifest import FullManifest
from studio_core.backups.measure import differing, measured_tables
from studio_core.backups.progress import ProgressReport
from studio_core.backups.records import put_on_record
from studio_core.backups.target import empty_database
from studio_core.db import objects
from studio_core.db.embedded.binaries import find_clients
from studio_core.db.migrations import database_settings, is_newer, migrate, require_server
from studio_core.db.programs import needs_tls, write_to
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import ConfigError, RuleError, StudioError
from studio_core.extrato.runs import OnProgress
from studio_core.extrato.verify import Tampering, verify_chain
from studio_core.people.logins import login_role
from studio_core.people.models import User, UserLogin

_OPTIONS = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-tablespaces")
_MAJOR = text("SELECT current_setting('server_version_num')::integer / 10000")


@dataclass(frozen=True, slots=True)
class Restored:
    """people: how many can sign in as before. taken: programs' logins whose names somebody here
    had already, and which were left as they are. tampering: what the chain of extratos finds."""

    database: str
    manifest: FullManifest
    people: int
    taken: tuple[str, ...]
    tampering: tuple[Tampering, ...]


def restore_full_backup(
    admin_url: str | URL,
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Restored:
    """Reads a backup whole, then restores it: see restore_file().

    on_progress: stage "checking" in kilobytes first. Raises RuleError, too: backup_unreadable,
    backup_corrupt.
    """
    report = ProgressReport(on_progress, cancelled)
    size = path.stat().st_size if path.is_file() else 0
    file = read_full(path, lambda read: report("checking", read // 1024, size // 1024))
    return restore_file(admin_url, file, on_progress=on_progress, cancelled=cancelled)


def restore_file(
    admin_url: str | URL,
    file: FullFile,
    *,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Restored:
    """Restores into the database of that address, which is empty or not there yet.

    admin_url: a superuser's. Where the database has another name than it had, the logins get the
    names that belong to it. on_progress: stages "restoring" in kilobytes, "counting" in tables.
    All or nothing.
    Raises RuleError: schema_too_new, restore_not_empty, backup_cancelled; StudioError:
    restore_differs, program_failed; ConfigError: restore_server_older, client_missing, and those
    of connecting.
    """
    report = ProgressReport(on_progress, cancelled)
    if is_newer(file.manifest.revision):
        raise RuleError("schema_too_new", found=file.manifest.revision)
    with empty_database(admin_url) as database:
        with database.connection() as connection:
            major = _fitting_major(connection, file.manifest)
            _prepare(connection, file.surroundings)
        clients = find_clients(max(major, file.manifest.dumped_by), tls=needs_tls(database.url))
        write_to(clients, "pg_restore", _OPTIONS, database.url, _pieces(file, report))
        with database.connection() as connection:
            _compare(connection, file, report)
            _settings_back(connection, file.surroundings)
        migrate(database.url)
        with database.transaction() as session:
            people, taken = _logins_back(session.connection(), file)
            # When it was made, it could not hold its own record.
            put_on_record(session.connection(), file.path, file.manifest)
        with database.transaction() as session:
            allow_long_work(session)
            tampering = verify_chain(session)
        return Restored(str(database.url.database), file.manifest, people, taken, tampering)


def _fitting_major(connection: Connection, manifest: FullManifest) -> int:
    require_server(connection)
    major: int = connection.execute(_MAJOR).scalar_one()
    if major < manifest.server_major:
        raise ConfigError("restore_server_older", found=major, needed=manifest.server_major)
    return major


def _prepare(connection: Connection, surroundings: Surroundings) -> None:
    """Whom the dump names must be there before it."""
    connection.exec_driver_sql("BEGIN")
    objects.prepare_roles(connection)
    make_others(_cursor(connection), surroundings.others)
    connection.exec_driver_sql("COMMIT")


def _pieces(file: FullFile, report: ProgressReport) -> Iterator[bytes]:
    done, total = 0, file.manifest.parts[DUMP].bytes // 1024
    for piece in file.dump_pieces():
        report("restoring", done // 1024, total)
        yield piece
        done += len(piece)


def _compare(connection: Connection, file: FullFile, report: ProgressReport) -> None:
    allow_long_work(connection)
    found = measured_tables(connection, lambda done, total: report("counting", done, total))
    wrong = differing(file.manifest.tables, found)
    if wrong:
        raise StudioError("restore_differs", name=file.path.name, tables=", ".join(wrong))
    newest = connection.scalar(
        text("SELECT digest FROM public.extratos ORDER BY closing_order DESC LIMIT 1")
    )
    if newest != file.manifest.newest_extrato:
        raise StudioError("restore_differs", name=file.path.name, tables="public.extratos")


def _settings_back(connection: Connection, surroundings: Surroundings) -> None:
    """But for those that every migration sets anew, as they fit the server."""
    database = str(connection.scalar(text("SELECT current_database()")))
    own = database_settings()
    set_settings(
        _cursor(connection),
        database,
        {name: value for name, value in surroundings.settings.items() if name not in own},
    )


def _logins_back(connection: Connection, file: FullFile) -> tuple[int, tuple[str, ...]]:
    """How many people can sign in, and the programs' logins that were somebody's already."""
    database = str(connection.scalar(text("SELECT current_database()")))
    names = _names_here(connection, file.manifest.database, database)
    people = 0
    taken = []
    for login in file.surroundings.logins:
        name = names.get(login.name) if login.kind == "person" else login.name
        if name is None:
            continue
        if not make_login(_cursor(connection), login, name, database):
            taken.append(name)
        elif login.kind == "person" and login.can_login:
            people += 1
    return people, tuple(taken)


def _names_here(connection: Connection, before: str, now: str) -> dict[str, str]:
    """What each person's login is called in this database, which notes it.

    The name is made of the database's and the e-mail. One that is made of something else cannot
    follow to a database of another name: its person signs in anew, and it is forgotten here, since
    on the same server it may still be the other database's.
    """
    logins = connection.execute(
        select(UserLogin.role_name, User.email).join(User, User.id == UserLogin.user_id)
    ).all()
    if before == now:
        return {login.role_name: login.role_name for login in logins}
    names = {
        login.role_name: login_role(now, login.email)
        for login in logins
        if login.email is not None and login.role_name == login_role(before, login.email)
    }
    left_behind = [login.role_name for login in logins if login.role_name not in names]
    connection.execute(delete(UserLogin).where(UserLogin.role_name.in_(left_behind)))
    for old, new in names.items():
        connection.execute(
            update(UserLogin).where(UserLogin.role_name == old).values(role_name=new)
        )
    return names


def _cursor(connection: Connection) -> Any:
    """psycopg2's own, for statements with names in them."""
    return connection.connection.cursor()
