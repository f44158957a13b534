"""studio-jobs roles: who may do what, from the one table that the database is set up by."""

from typing import Annotated

import typer

from server_jobs.cli import exits
from server_jobs.cli.job import job, opened, usable
from server_jobs.cli.output import JsonOption, note, say, say_json, say_table
from studio_core.db.migrations import check_program
from studio_core.db.rights import ALL, DEFINERS, PROGRAMS
from studio_core.db.rights_found import differences
from studio_core.db.rights_listing import (
    COMMANDS,
    Allowed,
    allowed_functions,
    allowed_on_tables,
    rights_json,
)


def roles(
    as_json: JsonOption = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Compare the database's own rights with the table as well."),
    ] = False,
) -> None:
    """Print who may do what: tables, views, functions, by role.

    Needs no database. With --check it asks the one of ADMIN_DATABASE_URL or DATABASE_URL whether
    it grants exactly that; exit code 1 where it does not.
    """
    found = _found_in_the_database() if check else []
    if as_json:
        say_json(rights_json() | ({"differences": found} if check else {}))
    elif not check:
        _say_tables(PROGRAMS)
        say()
        _say_functions(PROGRAMS)
        say()
        say("Functions that run with rights of their own have them from these; nobody is in them.")
        say()
        _say_tables(DEFINERS)
        say()
        _say_details()
    if found:
        for difference in found:
            note(difference)
        raise typer.Exit(exits.FAILED)
    if check and not as_json:
        say("The database grants exactly what the table says.")


def _found_in_the_database() -> list[str]:
    with (
        job("roles", __name__) as running,
        opened(running, running.settings.required_admin_url()) as database,
        database.transaction() as session,
    ):
        with usable():
            check_program(session)
        return differences(session)


def _say_tables(columns: tuple[str, ...]) -> None:
    rows = [
        (_short(table), *(_letters(by_role.get(role, {})) for role in columns))
        for table, by_role in allowed_on_tables().items()
        if any(role in by_role for role in columns)
    ]
    say_table(("table or view", *map(_role, columns)), rows)


def _letters(allowed: dict[str, Allowed]) -> str:
    """S, I, U, D; small where only some columns, with a star where only some rows."""
    return " ".join(
        _letter(command, allowed[command]) for command in COMMANDS if command in allowed
    )


def _letter(command: str, allowed: Allowed) -> str:
    letter = command[0] if allowed.columns is None else command[0].lower()
    return letter if allowed.rows == ALL else f"{letter}*"


def _say_functions(columns: tuple[str, ...]) -> None:
    rows = [
        (_short(function), *("x" if role in called_by else "" for role in columns))
        for function, called_by in allowed_functions().items()
        if any(role in called_by for role in columns)
    ]
    say_table(("function", *map(_role, columns)), rows)


def _say_details() -> None:
    """What the letters leave out, one line for all roles that have the same."""
    columns: dict[tuple[str, str, str], list[str]] = {}
    rows: dict[tuple[str, str], list[str]] = {}
    for table, by_role in allowed_on_tables().items():
        for role, by_command in by_role.items():
            for command, allowed in by_command.items():
                if allowed.columns is not None:
                    key = (_short(table), command.lower(), ", ".join(allowed.columns))
                    columns.setdefault(key, []).append(_role(role))
            for condition in sorted({allowed.rows for allowed in by_command.values()} - {ALL}):
                rows.setdefault((_short(table), condition), []).append(_role(role))
    say("S select, I insert, U update, D delete. Small letters: only these columns.")
    for (table, command, named), who in columns.items():
        say(f"  {table}, {command}, {' '.join(who)}: {named}")
    say("*: only rows of which this is true.")
    for (table, condition), who in rows.items():
        say(f"  {table}, {' '.join(who)}: {condition}")


def _short(name: str) -> str:
    return name.removeprefix("public.").removeprefix("studio.")


def _role(name: str) -> str:
    return name.removeprefix("studio_")
