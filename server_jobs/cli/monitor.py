"""studio-jobs monitor: whether all is well, for a person, a program or cron."""

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import func, select

from server_jobs.cli import exits
from server_jobs.cli.job import job, opened
from server_jobs.cli.output import JsonOption, note, say, say_json
from server_jobs.monitor.page import report_page
from server_jobs.monitor.words import MARKS, TITLES, verdict
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.db.instant import one_instant
from studio_core.extrato.health import SUBJECTS, Health, look_at_health
from studio_core.extrato.refusals import plain_params
from studio_core.observability import get_logger
from studio_core.whole_files import writing_errors

_log = get_logger(__name__)
_DEFAULT_ZONE = "America/Sao_Paulo"


def monitor(
    report: Annotated[
        bool, typer.Option("--report", help="Everything that was looked at, not only faults.")
    ] = False,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also write the report as a page.")
    ] = None,
) -> None:
    """Look whether all is well, from backups to disk space.

    Backups, closings, the chain of digests, totals, alerts, disk, schema.

    Only reads. Exit code 0: healthy, perhaps with warnings; 1: not healthy.
    """
    with job("monitor", __name__) as running:
        # Not studio_database(): a schema that does not fit is something to report.
        with opened(running, running.settings.required_database_url()) as database:
            running.slow_queries.attach(database, keeps=False)
            health, zone = look(database, running.settings)
        _log.info("health_looked_at", healthy=health.healthy, levels=levels(health))
        if html is not None:
            with writing_errors(html.parent):
                html.write_text(report_page(health, zone), "utf-8")
    if as_json:
        say_json(health_json(health))
    else:
        say_health(health, everything=report)
        if html is not None:
            note(f"The report is in {html}.")
    if not health.healthy:
        raise typer.Exit(exits.FAILED)


def look(database: Database, settings: Settings) -> tuple[Health, ZoneInfo]:
    """The health, all of one instant, and the studio's zone."""
    with one_instant(database) as session:
        health = look_at_health(
            session,
            backup_dir=settings.backup_dir,
            log_dir=settings.log_dir,
            copy_dir=settings.backup_copy_dir,
        )
        fits = health.level("schema") == "ok"
        zone = str(session.scalar(select(func.studio.zone()))) if fits else _DEFAULT_ZONE
        return health, ZoneInfo(zone)


def say_health(health: Health, *, everything: bool) -> None:
    """The verdict, then what is not well; with everything, what is well too."""
    say(verdict(health))
    for subject in SUBJECTS:
        found = [c for c in health.of_subject(subject) if everything or c.level != "ok"]
        if not found:
            continue
        say()
        say(f"{TITLES[subject]}: {MARKS[health.level(subject)]}")
        for condition in found:
            aside = "" if condition.level == "ok" else f"{MARKS[condition.level]}: "
            say(f"  {aside}{condition}")


def levels(health: Health) -> dict[str, str]:
    """The level of every subject."""
    return {subject: health.level(subject) for subject in SUBJECTS}


def health_json(health: Health) -> dict[str, Any]:
    """The published shape of `monitor --json`."""
    return {
        "healthy": health.healthy,
        "database": health.database,
        "looked_at": health.looked_at.isoformat(),
        "subjects": levels(health),
        "findings": [
            {
                "subject": condition.subject,
                "level": condition.level,
                "code": condition.code,
                "text": str(condition),
                **plain_params(condition.params),
            }
            for condition in health.conditions
        ],
    }
