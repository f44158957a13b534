"""studio-jobs backup full, drill, restore-full: the whole database with its roles."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import text

from server_jobs.cli.job import Job, job, opened, studio_database
from server_jobs.cli.output import JsonOption, note, progress_bar, say, say_json, say_table, warn
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.backups.drill import Drilled
from studio_core.backups.drill import drill as try_out
from studio_core.backups.records import (
    FullBackupRow,
    forget_absent,
    found_file,
    full_backups,
)
from studio_core.backups.restore import Restored, restore_full_backup
from studio_core.backups.routine import Routine, back_up_copy_and_tidy
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, StudioError
from studio_core.extrato.health import readable_size
from studio_core.observability import get_logger
from studio_core.sentences import sentence
from studio_core.settings.queries import studio_zone

_log = get_logger(__name__)


def full(as_json: JsonOption = False) -> None:
    """Back up the whole database with its logins.

    Into BACKUP_DIR. Then copies what is not copied yet to BACKUP_COPY_DIR, and removes what is
    kept no longer. Exit code 1 where the copy failed; the backup is there all the same.
    """
    with job("backup full", __name__) as running, studio_database(running) as database:
        settings = running.settings
        with progress_bar("Full backup") as show:
            done = back_up_copy_and_tidy(
                database,
                directory=settings.backup_dir,
                copy_dir=settings.backup_copy_dir,
                on_progress=show,
            )
        if as_json:
            say_json(_full_json(done, settings.backup_dir))
        else:
            _say_full(done, settings.backup_dir)
        if done.refusal is not None:
            raise done.refusal


def drill(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Default: the newest one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Try a full backup out on a server of its own.

    Restored there, its rows, digests, logins and chain of extratos are compared. Nothing of the
    studio's is touched; how it went is noted. TMPDIR says where the room comes from.
    """
    with job("backup drill", __name__) as running, studio_database(running) as database:
        path = None if file is None else found_among(file, _places(running))
        with progress_bar("Trial restore") as show:
            try:
                drilled = try_out(database, places=_places(running), path=path, on_progress=show)
            except StudioError as error:
                if as_json and error.code == "drill_failed":
                    say_json({"passed": False, **{k: str(v) for k, v in error.params.items()}})
                raise
    if as_json:
        say_json(_drill_json(drilled))
        return
    manifest = drilled.restored.manifest
    say(
        f"{drilled.path.name} holds everything: {manifest.rows:,} rows in"
        f" {len(manifest.tables)} tables, {_people(drilled.restored)}."
    )
    if not drilled.on_record:
        note("It is on no record in this database, so that its trial is not noted.")


def say_list(running: Job, database: Database, *, as_json: bool) -> None:
    """The full backups on record, newest first, for `backup list --full`."""
    with database.transaction() as session:
        zone = studio_zone(session)
        found = [(row, found_file(row, _places(running))) for row in full_backups(session)]
    if as_json:
        say_json([_row_json(row, path) for row, path in found])
    elif not found:
        say("There is no full backup yet. Make one with: studio-jobs backup full")
    else:
        say_table(
            ("File", "Size", "Made", "Copied", "Trial", "State"),
            [
                (
                    row.file_name,
                    readable_size(row.file_bytes),
                    f"{row.created_at.astimezone(zone):%Y-%m-%d %H:%M}",
                    "yes" if row.copied_at is not None else "no",
                    _trial(row),
                    "present" if path is not None else "missing",
                )
                for row, path in found
            ],
            right=" r",
        )


def restore_full(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A full backup.")],
) -> None:
    """Bring a whole studio back, or move it.

    Into the database of ADMIN_DATABASE_URL, which is empty or not there yet. People sign in as
    before, with their own passwords.
    """
    with job("backup restore-full", __name__) as running:
        settings = running.settings
        url = settings.named_admin_url()
        _require_administrator(running, url)
        path = found_among(file, _places(running))
        with progress_bar(path.name) as show:
            restored = restore_full_backup(url, path, on_progress=show)
        with opened(running, url) as database, database.transaction() as session:
            forget_absent(session, settings.backup_dir, settings.backup_copy_dir)
            zone = studio_zone(session)
        login = None
        if settings.database_url is not None:
            login = ensure_jobs_login(url, settings.database_url.get_secret_value())
        rows = restored.manifest.rows
        _log.info("full_backup_restored", file=path.name, rows=rows, people=restored.people)
    _say_restored(restored, zone, login)


def _require_administrator(running: Job, url: str) -> None:
    """Said before anything is read: a restore makes roles, and functions that run as them."""
    try:
        with opened(running, url) as database, database.transaction() as session:
            found = session.execute(
                text("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
            ).one()
    except ConfigError as error:
        if error.code == "database_missing":
            return  # It is made, by whoever may.
        raise
    if not found.rolsuper:
        raise ConfigError("restore_needs_superuser", login=found.rolname)


def _places(running: Job) -> tuple[Path | None, ...]:
    return (running.settings.backup_dir, running.settings.backup_copy_dir)


def found_among(file: Path, places: Sequence[Path | None]) -> Path:
    """Where a file is that was named: a bare name, as the lists print it, may be in a folder."""
    if file != Path(file.name) or file.exists():
        return file
    kept = [place / file.name for place in places if place is not None]
    return next((path for path in kept if path.exists()), file)


def _say_full(done: Routine, directory: Path) -> None:
    made = done.made
    say(f"{directory / made.file_name}\n{readable_size(made.file_bytes)}")
    if done.copied:
        say(f"Copied: {', '.join(done.copied)}")
    if done.removed:
        say(f"Kept no longer: {', '.join(done.removed)}")


def _say_restored(restored: Restored, zone: ZoneInfo, login: str | None) -> None:
    manifest = restored.manifest
    made = datetime.fromisoformat(manifest.created_at).astimezone(zone)
    say(
        f"{restored.database} is back as it was on {made:%Y-%m-%d at %H:%M}: {manifest.rows:,} rows"
        f" in {len(manifest.tables)} tables, {_people(restored)}."
    )
    if login is not None:
        say(f"The login {login} may do the server's jobs.")
    for name in restored.taken:
        if name != login:
            warn(f"the login {name} was here already and stays as it was.")
    for tampering in restored.tampering:
        warn(sentence(tampering.code, tampering.params))


def _people(restored: Restored) -> str:
    if restored.people == 1:
        return "and one person who signs in as before"
    return f"and {restored.people} people who sign in as before"


def _trial(row: FullBackupRow) -> str:
    if row.drilled_at is None:
        return "-"
    return "passed" if row.proved else "FAILED"


def _row_json(row: FullBackupRow, path: Path | None) -> dict[str, Any]:
    return {
        "file": str(path) if path is not None else row.file_name,
        "present": path is not None,
        "bytes": row.file_bytes,
        "sha256": row.file_sha256,
        "created_at": row.created_at.isoformat(),
        "copied_at": None if row.copied_at is None else row.copied_at.isoformat(),
        "drilled_at": None if row.drilled_at is None else row.drilled_at.isoformat(),
        "drill_message": row.drill_message,
    }


def _full_json(done: Routine, directory: Path) -> dict[str, Any]:
    made = done.made
    return {
        "file": str(directory / made.file_name),
        "bytes": made.file_bytes,
        "sha256": made.file_sha256,
        "created_at": made.created_at.isoformat(),
        "copied": list(done.copied),
        "removed": list(done.removed),
        "refusal": None if done.refusal is None else str(done.refusal),
    }


def _drill_json(drilled: Drilled) -> dict[str, Any]:
    manifest = drilled.restored.manifest
    return {
        "passed": True,
        "file": str(drilled.path),
        "database": manifest.database,
        "created_at": manifest.created_at,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "people": drilled.restored.people,
        "newest_extrato": manifest.newest_extrato,
        "noted": drilled.on_record,
    }
