"""studio-jobs extrato: closing months, reading and checking what was closed."""

from typing import Annotated, Any

import typer

from server_jobs.cli import exits
from server_jobs.cli.job import job, studio_database
from server_jobs.cli.months import MonthOption, YearOption, asked_month, asked_version, last_month
from server_jobs.cli.output import JsonOption, progress_bar, say, say_json, say_table, warn
from server_jobs.cli.statement import say_statement
from server_jobs.cli.stopping import stop_requests
from studio_core.extrato.closing import ClosingOptions, ClosingResult, close_month, reopen_month
from studio_core.extrato.queries import ExtratoSummary, list_extratos, preview, show_extrato
from studio_core.extrato.verify import Tampering, verify_chain
from studio_core.observability import get_logger

_log = get_logger(__name__)

app = typer.Typer(
    name="extrato",
    help="Close a month into its extrato, read it, check it, open it again.",
    no_args_is_help=True,
)


@app.command()
def run(
    year: YearOption = None,
    month: MonthOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Close a closed month again, with what came late.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything, print it, keep nothing but a backup.")
    ] = False,
    with_backup: Annotated[
        bool, typer.Option("--with-backup", help="Make the month's backup first.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Close a month: all or nothing, with its backup verified. Default: last month."""
    asked = asked_month(year, month)
    with job("extrato run", __name__) as running, studio_database(running) as database:
        settings = running.settings
        chosen = asked or last_month(database)
        log = _log.bind(month=chosen.label, forced=force, rehearsal=dry_run)
        log.info("extrato_run_started", batch_size=settings.batch_size)
        with progress_bar(chosen.label) as show, stop_requests() as stopped:
            result = close_month(
                database,
                month=chosen,
                options=ClosingOptions(
                    settings.backup_dir,
                    force=force,
                    rehearse=dry_run,
                    batch_size=settings.batch_size,
                    require_backup=settings.extrato_require_backup,
                    fresh_backup=with_backup,
                ),
                on_progress=show,
                cancelled=stopped,
                correlation_id=running.correlation_id,
            )
        log.info(
            "extrato_run_done",
            run=result.run_id,
            digest=result.statement.digest,
            counts=result.statement.counts,
            seconds=round(result.seconds, 3),
        )
        for sentence in result.warnings:
            warn(sentence)
        if as_json:
            say_json(_result_json(result))
        else:
            _say_result(result, fresh_backup=with_backup)


@app.command("preview")
def preview_command(
    year: YearOption = None, month: MonthOption = None, as_json: JsonOption = False
) -> None:
    """What an open month's extrato would say if it were closed now. Default: last month."""
    asked = asked_month(year, month)
    with job("extrato preview", __name__) as running, studio_database(running) as database:
        chosen = asked or last_month(database)
        with database.transaction() as session:
            statement = preview(session, chosen)
    if as_json:
        say_json(statement.to_json())
        return
    say(f"Preview of {chosen.label}, which is still open")
    say_statement(statement)


@app.command()
def show(
    year: YearOption = None,
    month: MonthOption = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="N", help="An earlier version of it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A closed month's extrato. Default: last month's."""
    asked = asked_month(year, month)
    number = asked_version(version)
    with job("extrato show", __name__) as running, studio_database(running) as database:
        chosen = asked or last_month(database)
        with database.transaction() as session:
            statement = show_extrato(session, chosen, number)
    if as_json:
        say_json(statement.to_json())
        return
    say(f"Extrato of {chosen.label}, version {statement.version}")
    if statement.superseded_at is not None:
        say(f"Superseded on {statement.superseded_at:%Y-%m-%d}: {statement.superseded_why}")
    say_statement(statement)


@app.command("list")
def list_command(
    everything: Annotated[bool, typer.Option("--all", help="Superseded versions as well.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The closed months, newest first."""
    with (
        job("extrato list", __name__) as running,
        studio_database(running) as database,
        database.transaction() as session,
    ):
        found = list_extratos(session, with_superseded=everything)
    if as_json:
        say_json([_summary_json(summary) for summary in found])
    elif not found:
        say("No month is closed yet. Close the first one with: studio-jobs extrato run")
    else:
        say_table(
            ("Month", "Version", "Payments", "Gross", "Commissions", "Expenses", "Net", "State"),
            [
                (
                    line.month.label,
                    str(line.version),
                    str(line.payments),
                    line.gross_revenue,
                    line.commissions,
                    line.expenses,
                    line.net_revenue,
                    f"superseded: {line.superseded_why}" if line.superseded_at else "closed",
                )
                for line in found
            ],
            right=" rrrrrr",
        )


@app.command()
def verify(as_json: JsonOption = False) -> None:
    """Check that no closed month was changed.

    Looks at every row, month and link of the chain, and names each that differs.
    """
    with job("extrato verify", __name__) as running, studio_database(running) as database:
        with database.transaction() as session:
            found = verify_chain(session)
        _log.info("extrato_verified", findings=len(found))
    if as_json:
        say_json({"ok": not found, "findings": [_tampering_json(each) for each in found]})
    elif not found:
        say("All closed months are as they were closed.")
    else:
        for each in found:
            say(_tampering_sentence(each))
    if found:
        raise typer.Exit(exits.FAILED)


@app.command()
def reopen(
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays on record.")],
    year: YearOption = None,
    month: MonthOption = None,
) -> None:
    """Open a closed month again: its rows go back where they were. Default: last month."""
    asked = asked_month(year, month)
    with job("extrato reopen", __name__) as running, studio_database(running) as database:
        chosen = asked or last_month(database)
        reopen_month(database, month=chosen, reason=reason, correlation_id=running.correlation_id)
        # The reason is free words, and stands in the extrato's own record.
        _log.info("extrato_reopened", month=chosen.label)
    say(f"{chosen.label} is open again.")


def _say_result(result: ClosingResult, *, fresh_backup: bool) -> None:
    statement = result.statement
    label = statement.month.label
    if result.rehearsed:
        kept = "Only the backup was kept." if fresh_backup else "Nothing was kept."
        say(f"Rehearsal: {label} would be closed as version {statement.version}. {kept}")
    else:
        say(f"{label} is closed as version {statement.version}, in {result.seconds:.1f} s.")
    if result.backup is not None:
        say(f"Backup {result.backup}, verified")
    say_statement(statement)


def _result_json(result: ClosingResult) -> dict[str, Any]:
    return {
        "run": result.run_id,
        "rehearsed": result.rehearsed,
        "forced": result.forced,
        "backup": result.backup,
        "seconds": round(result.seconds, 3),
        "warnings": list(result.warnings),
        "extrato": result.statement.to_json(),
    }


def _summary_json(summary: ExtratoSummary) -> dict[str, Any]:
    return {
        "year": summary.month.year,
        "month": summary.month.month,
        "version": summary.version,
        "digest": summary.digest,
        "payments": summary.payments,
        "gross_revenue": summary.gross_revenue,
        "commissions": summary.commissions,
        "expenses": summary.expenses,
        "net_revenue": summary.net_revenue,
        "source": summary.source,
        "closed_at": summary.closed_at.isoformat(),
        "superseded_at": summary.superseded_at.isoformat() if summary.superseded_at else None,
        "superseded_why": summary.superseded_why,
    }


def _tampering_json(found: Tampering) -> dict[str, Any]:
    return {
        "year": found.month.year,
        "month": found.month.month,
        "version": found.version,
        "what": found.what,
        "table": found.table,
        "row": found.row_id,
    }


def _tampering_sentence(found: Tampering) -> str:
    where = found.month.label + (f", version {found.version}" if found.version else "")
    match found.what:
        case "row":
            return f"{where}: row {found.row_id} of {found.table} was changed."
        case "rows":
            return f"{where}: rows of {found.table} are missing or were added."
        case "stray":
            return f"{where}: row {found.row_id} of {found.table} stands where none may."
        case "state" if found.version == 0:
            return f"{where}: it is closed, but its extrato is gone."
        case "state":
            return f"{where}: it has an extrato, but is not closed."
        case "header":
            return f"{where}: its totals or its digest were changed."
        case _:
            return f"{where}: it does not follow the extrato closed before it."
