"""studio-jobs backup: one month in one file, made, listed, checked and brought back."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from server_jobs.cli.full_backup import found_among, say_list
from server_jobs.cli.job import Job, job, opened, studio_database, usable
from server_jobs.cli.months import MonthOption, YearOption, asked_month, last_month
from server_jobs.cli.output import JsonOption, note, progress_bar, say, say_json, say_table
from studio_core.db.engine import Database
from studio_core.db.migrations import check_program, current_revision, migrate
from studio_core.errors import RuleError
from studio_core.extrato.backup import (
    BackupCheck,
    BackupRow,
    create_backup,
    list_backups,
    newest_backup,
    restore_backup,
    verify_backup,
)
from studio_core.months import Month
from studio_core.observability import get_logger
from studio_core.settings.queries import studio_zone

_log = get_logger(__name__)

app = typer.Typer(
    name="backup",
    help="Back up a month or the whole database; check it, bring it back.",
    no_args_is_help=True,
)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A backup file.")]


@app.command()
def create(year: YearOption = None, month: MonthOption = None, as_json: JsonOption = False) -> None:
    """Write a month's backup into BACKUP_DIR. Default: last month's."""
    asked = asked_month(year, month)
    with job("backup create", __name__) as running, studio_database(running) as database:
        chosen = asked or last_month(database)
        with progress_bar(chosen.label) as show:
            made = create_backup(
                database, month=chosen, directory=running.settings.backup_dir, on_progress=show
            )
    if as_json:
        say_json(_backup_json(made, "verified"))
    else:
        say(f"{made.path}\n{chosen.label}: {_rows(made)}, {made.file_bytes:,} bytes")


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Default: the month's newest.")
    ] = None,
    year: YearOption = None,
    month: MonthOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a backup whole and compare it with its month.

    Default: the newest one of last month.
    """
    asked = asked_month(year, month)
    with job("backup verify", __name__) as running, studio_database(running) as database:
        with database.transaction() as session:
            if file is None:
                path = _newest(session, running, asked or last_month(database))
            else:
                path = found_among(file, (running.settings.backup_dir,))
            check = verify_backup(session, path)
        found = check.manifest.month
        _log.info("backup_verified", file=path.name, month=found.label, stale=check.stale)
        if as_json:
            say_json(_check_json(path, check))
        if check.stale:
            raise RuleError(
                "backup_stale", name=path.name, month=found.label, table=", ".join(check.stale)
            )
    if not as_json:
        say(f"{path.name} is whole, and equal to what {found.label} holds now.")


@app.command("list")
def list_command(
    year: YearOption = None,
    month: MonthOption = None,
    full: Annotated[bool, typer.Option("--full", help="Those of the whole database.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The backups on record, newest first, each checked. Default: of all months."""
    if full:
        with job("backup list", __name__) as running, studio_database(running) as database:
            say_list(running, database, as_json=as_json)
        return
    asked = asked_month(year, month)
    with (
        job("backup list", __name__) as running,
        studio_database(running) as database,
        database.transaction() as session,
    ):
        zone = studio_zone(session)
        found = [
            (row, _state(session, row))
            for row in list_backups(session, running.settings.backup_dir, asked)
        ]
    if as_json:
        say_json([_backup_json(row, state) for row, state in found])
    elif not found:
        say("There is no backup yet. Make one with: studio-jobs backup create")
    else:
        say_table(
            ("File", "Month", "Rows", "Made", "State"),
            [
                (
                    row.path.name,
                    row.month.label,
                    str(sum(row.rows.values())),
                    f"{row.created_at.astimezone(zone):%Y-%m-%d %H:%M}",
                    state,
                )
                for row, state in found
            ],
            right="  r",
        )


@app.command()
def restore(file: FileArgument) -> None:
    """Bring a month back, open, into an empty database.

    The one that ADMIN_DATABASE_URL names; where it has no tables it is set up first.
    """
    with job("backup restore", __name__) as running:
        url = running.settings.named_admin_url()
        path = found_among(file, (running.settings.backup_dir,))
        with opened(running, url) as database:
            _set_up(database)
            with progress_bar(path.name) as show:
                manifest = restore_backup(database, path, show)
        rows = sum(manifest.tables[name].rows for name in manifest.digests)
        _log.info("backup_restored", file=file.name, month=manifest.month.label, rows=rows)
    say(f"{manifest.month.label} is back with {rows} rows, as an open month.")


def _set_up(database: Database) -> None:
    with usable():
        with database.transaction() as session:
            fresh = current_revision(session) is None
        if fresh:
            note("The database is empty: setting it up first.")
            migrate(database.url)
        with database.transaction() as session:
            check_program(session)


def _newest(session: Session, running: Job, month: Month) -> Path:
    found = newest_backup(session, month, running.settings.backup_dir)
    if found is None:
        raise RuleError("backup_missing", month=month.label)
    return found.path


def _state(session: Session, row: BackupRow) -> str:
    """One word: verified, stale (its month has changed since), damaged or missing."""
    if not row.present:
        return "missing"
    try:
        check = verify_backup(session, row.path)
    except RuleError:
        return "damaged"
    return "stale" if check.stale else "verified"


def _rows(row: BackupRow) -> str:
    return ", ".join(f"{count} {table}" for table, count in row.rows.items())


def _backup_json(row: BackupRow, state: str) -> dict[str, Any]:
    return {
        "file": str(row.path),
        "year": row.month.year,
        "month": row.month.month,
        "rows": row.rows,
        "bytes": row.file_bytes,
        "sha256": row.file_sha256,
        "created_at": row.created_at.isoformat(),
        "state": state,
        "verified": state == "verified",
    }


def _check_json(path: Path, check: BackupCheck) -> dict[str, Any]:
    return {
        "file": str(path),
        "year": check.manifest.month.year,
        "month": check.manifest.month.month,
        "verified": not check.stale,
        "stale": list(check.stale),
    }
