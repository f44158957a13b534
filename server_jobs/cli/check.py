"""studio-jobs check: the operator's own proof, on a database made for it or by reading only."""

from typing import Annotated, Any

import typer

from server_jobs.check.dry_run import DryRun, dry_run
from server_jobs.check.running import Proved, run_proofs
from server_jobs.cli import exits
from server_jobs.cli.job import Job, job, opened, studio_database
from server_jobs.cli.monitor import health_json, look, say_health
from server_jobs.cli.output import JsonOption, say, say_json
from server_jobs.monitor.words import verdict
from studio_core.db.instant import one_instant
from studio_core.extrato.health import Health
from studio_core.observability import get_logger

_log = get_logger(__name__)


def check(
    deletion: Annotated[
        bool,
        typer.Option(
            "--deletion", help="A closing moves exactly its month; a failure at any step, nothing."
        ),
    ] = False,
    batches: Annotated[
        bool, typer.Option("--batches", help="Every batch size gives the same extrato.")
    ] = False,
    health_check: Annotated[
        bool, typer.Option("--health-check", help="The studio's health, as monitor sees it.")
    ] = False,
    rehearse: Annotated[
        bool, typer.Option("--dry-run", help="What closing last month would do, by reading only.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Prove on the studio's server that closings keep their promises.

    Default: everything.

    --deletion and --batches work on a scratch database that ADMIN_DATABASE_URL may make, dropped
    at the end; --health-check and --dry-run only read. The studio's data are never touched. Exit
    code 0: all holds; 1: something does not.
    """
    everything = not (deletion or batches or health_check or rehearse)
    found = _Found()
    with job("check", __name__) as running:
        if deletion or batches or everything:
            _prove(running, found, deletion or everything, batches or everything, not as_json)
        if health_check or rehearse or everything:
            with studio_database(running, only_looks=True) as database:
                if health_check or everything:
                    found.health, _ = look(database, running.settings)
                if rehearse or everything:
                    with one_instant(database) as session:
                        found.dry_run = dry_run(session, running.settings)
        _log.info("checked", holds=found.holds, proofs=len(found.proofs))
    if as_json:
        say_json(found.to_json())
    else:
        _say_read_only(found)
    if not found.holds:
        raise typer.Exit(exits.FAILED)


class _Found:
    """What was asked for and found."""

    def __init__(self) -> None:
        self.proofs: list[Proved] = []
        self.health: Health | None = None
        self.dry_run: DryRun | None = None

    @property
    def holds(self) -> bool:
        healthy = self.health is None or self.health.healthy
        return healthy and all(proved.holds for proved in self.proofs)

    def to_json(self) -> dict[str, Any]:
        planned = self.dry_run
        return {
            "holds": self.holds,
            "proofs": [
                {
                    "name": proved.name,
                    "text": proved.sentence,
                    "holds": proved.holds,
                    "found": proved.found,
                }
                for proved in self.proofs
            ],
            "health": health_json(self.health) if self.health is not None else None,
            "dry_run": None
            if planned is None
            else {
                "year": planned.month.year,
                "month": planned.month.month,
                "closed": planned.closed,
                "rows": planned.rows,
                "steps": planned.batches,
                "backup": planned.backup,
                "extrato": planned.statement.to_json() if planned.statement else None,
            },
        }


def _prove(running: Job, found: _Found, deletion: bool, batches: bool, aloud: bool) -> None:
    admin_url = running.settings.required_admin_url()
    with opened(running, admin_url) as beside:
        address = beside.url

    def said(proved: Proved) -> None:
        if not proved.holds:
            _log.error("proof_failed", proof=proved.name, found=proved.found)
        if aloud:
            say(_line(proved))

    found.proofs = run_proofs(address, deletion=deletion, batches=batches, said=said)


def _line(proved: Proved) -> str:
    if proved.holds:
        return f"ok      {proved.sentence}"
    return f"FAILED  {proved.sentence} Found: {proved.found}."


def _say_read_only(found: _Found) -> None:
    if found.health is not None:
        mark = "ok    " if found.health.healthy else "FAILED"
        say(f"{mark}  {verdict(found.health)}")
        if not found.health.healthy:
            say_health(found.health, everything=False)
    if found.dry_run is not None:
        say(f"ok      Dry run: {found.dry_run}")
