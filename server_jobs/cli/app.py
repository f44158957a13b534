"""The command line's root: its groups, and how every refusal ends in a sentence and a code."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from server_jobs.cli import (
    alerts,
    backup,
    bench,
    check,
    demo,
    exits,
    extrato,
    full_backup,
    imports,
    migrate,
    monitor,
    roles,
    serve,
    setup,
)
from server_jobs.cli.job import UnexpectedError, scheduled
from server_jobs.cli.output import note, say
from server_jobs.cli.stopping import end_on_sigterm
from studio_core.db.migrations import program_version
from studio_core.errors import StudioError

app = typer.Typer(
    name="studio-jobs",
    help="The studio's server side: closes months, backs them up, imports, sets up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Exit codes: 0 done, 1 failed and rolled back, 2 usage or configuration, "
    "4 refused by a rule, 75 already running.",
)
app.command()(migrate.migrate)
app.command()(setup.setup)
app.command()(serve.serve)
app.add_typer(extrato.app, name="extrato")
backup.app.command()(full_backup.full)
backup.app.command()(full_backup.drill)
backup.app.command("restore-full")(full_backup.restore_full)
app.add_typer(backup.app, name="backup")
app.add_typer(imports.app, name="import")
app.add_typer(alerts.app, name="alerts")
app.add_typer(demo.app, name="demo")
app.command()(bench.bench)
app.command()(check.check)
app.command()(monitor.monitor)
app.command()(roles.roles)


def _say_version(wanted: bool) -> None:
    if wanted:
        say(program_version())
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Print the program's version and stop.",
        ),
    ] = False,
    by_cron: Annotated[
        bool,
        typer.Option("--scheduled", help="Started by cron: write atomic_extrato_cron.log as well."),
    ] = False,
) -> None:
    """The options before the command."""
    scheduled.set(by_cron)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. Nobody who uses it sees a traceback."""
    end_on_sigterm()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not all(_is_text(argument) for argument in given):
        note("An argument is not text in this terminal's encoding. See studio-jobs --help.")
        return exits.USAGE
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    try:
        result = command.main(
            args=given,
            prog_name="studio-jobs",
            standalone_mode=False,
        )
    except StudioError as error:
        note(str(error))
        return exits.exit_code(error)
    except TyperException as error:
        note(_usage_sentence(error.format_message()))
        return exits.USAGE
    except (typer.Abort, KeyboardInterrupt):
        return _stopped()
    except UnexpectedError as error:
        note(
            "Something went wrong that should not have; nothing half done was kept. "
            f"The log has the details under {error.correlation_id}."
        )
        return exits.FAILED
    if result == _INTERRUPTED:
        return _stopped()
    return result if isinstance(result, int) else exits.DONE


# What typer makes of Ctrl+C when it runs as part of a program.
_INTERRUPTED = 130


def _is_text(argument: str) -> bool:
    """Python keeps bytes that it cannot read as lone surrogates, which no database takes."""
    return not any("\ud800" <= sign <= "\udfff" for sign in argument)


def _usage_sentence(message: str) -> str:
    """Where to read on; a command group alone answers with its whole help instead."""
    if message.startswith("Usage:"):
        return message
    ended = message.rstrip(".")
    return f"{ended}{'' if ended.endswith('?') else '.'} See studio-jobs --help."


def _stopped() -> int:
    note("Stopped before the end. What was not finished was rolled back.")
    return exits.FAILED
