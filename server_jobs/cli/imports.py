"""studio-jobs import: the legacy system's database, and clients from a file."""

from typing import Annotated

import typer

from server_jobs.cli.clients_file import clients
from server_jobs.cli.job import job, studio_database
from server_jobs.cli.output import JsonOption, progress_bar, say, say_json, say_table
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, UnavailableError
from studio_core.extrato.runs import OnProgress
from studio_core.legacy.importing import import_legacy
from studio_core.legacy.report import ImportReport
from studio_core.observability import get_logger

_log = get_logger(__name__)

app = typer.Typer(name="import", help="Bring data over from elsewhere.", no_args_is_help=True)
app.command()(clients)


@app.command()
def legacy(
    source: Annotated[
        str, typer.Option("--from", metavar="URL", help="The legacy database, which is only read.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Bring the legacy system's database over.

    All or nothing, and safe to repeat. Nobody gets access by it. Everything odd is listed in the
    report.
    """
    with job("import legacy", __name__) as running, studio_database(running) as database:
        with progress_bar("Import") as show:
            report = _imported(database, source, show)
        _log.info(
            "legacy_imported",
            findings=len(report.findings),
            sums_equal=report.sums_equal,
            closed_months=report.closed_months,
        )
    if as_json:
        say_json(report.to_json())
    else:
        _say_report(report)


def _imported(database: Database, source: str, on_progress: OnProgress) -> ImportReport:
    """Whatever is wrong with the address of the legacy database is a matter of usage."""
    try:
        return import_legacy(database, source, on_progress=on_progress)
    except UnavailableError as error:
        if error.code != "legacy_source":
            raise
        raise ConfigError(error.code, **error.params) from error


def _say_report(report: ImportReport) -> None:
    say_table(
        ("Table", "Read", "Imported", "There already", "Left out"),
        [
            (
                count.table,
                str(count.read),
                str(count.imported),
                str(count.already_there),
                str(count.left_out),
            )
            for count in report.counts
        ],
        right=" rrrr",
    )
    if report.closed_months:
        say()
        say(f"Closed as they were: {', '.join(report.closed_months)}")
    say()
    if report.sums_equal:
        say("Every month's payments, commissions and expenses add up as they did there.")
    else:
        say("These sums differ from the legacy system's:")
        say_table(
            ("Month", "", "There", "Here"),
            [
                (line.month, line.kind, str(line.legacy_sum), str(line.imported_sum))
                for line in report.sums
                if not line.equal
            ],
            right="  rr",
        )
    if report.findings:
        say()
        say(f"{len(report.findings)} things to know:")
        for finding in report.findings:
            say(f"  {finding.table} {finding.key}: {finding.sentence}")
