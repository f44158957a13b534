"""studio-jobs setup: the studio's first owner, or a way back in for an owner."""

import sys
from typing import Annotated
from uuid import uuid4

import typer
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_keep
from sqlalchemy.orm import Session

from server_jobs.cli.job import Job, job, opened, studio_database, usable
from server_jobs.cli.output import say
from studio_core.db.engine import Database
from studio_core.db.migrations import check_program
from studio_core.errors import ConfigError, RuleError
from studio_core.people.actions import add_person, give_login, set_up_owner
from studio_core.people.models import User
from studio_core.people.rules import PersonDraft
from studio_core.settings.models import Setting
from studio_core.settings.values import TIME_ZONE


def setup(
    name: Annotated[str | None, typer.Option(help="The owner's name.")] = None,
    email: Annotated[str | None, typer.Option(help="The owner signs in with it.")] = None,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from standard input, one line."),
    ] = False,
    reset_owner: Annotated[
        bool,
        typer.Option(
            "--reset-owner",
            help="As ADMIN_DATABASE_URL: a new password for that owner, or one more owner.",
        ),
    ] = False,
) -> None:
    """Make the studio's first owner.

    They sign in at the desktop and add the others. Asks for what is not given.
    """
    with job("setup", __name__) as running:
        if reset_owner:
            _reset(running, name, email, password_stdin)
            return
        with studio_database(running) as database:
            _require_no_owner(database)
            owner_name = name or _prompt("Name")
            address = email or _prompt("E-mail")
            password = _password(password_stdin)
            with database.transaction() as session:
                set_up_owner(session, name=owner_name, email=address, password=password)
                # From now on the zone is a setting of the database, the same for every computer.
                session.execute(
                    insert_or_keep(Setting)
                    .values(key=TIME_ZONE.name, value=running.settings.tz)
                    .on_conflict_do_nothing()
                )
        say(f"{address.strip()} is the studio's owner and can sign in now.")


def _reset(running: Job, name: str | None, email: str | None, password_stdin: bool) -> None:
    with opened(running, running.settings.named_admin_url()) as database:
        with usable(), database.transaction() as session:
            check_program(session)
        address = email or _prompt("E-mail")
        known = _owner_id(database, address)
        owner_name = "" if known is not None else name or _prompt("Name")
        password = _password(password_stdin)
        with database.transaction() as session:
            owner_id = known if known is not None else _one_more(session, owner_name, address)
            give_login(session, user_id=owner_id, password=password)
    say(f"{address.strip()} can sign in with the new password.")


def _require_no_owner(database: Database) -> None:
    """Said before anything is asked; the database says it again when it matters."""
    with database.transaction() as session:
        email = session.scalar(
            select(User.email).where(User.access == "owner", User.active).limit(1)
        )
    if email is not None:
        raise RuleError("setup_done", email=email)


def _owner_id(database: Database, email: str) -> int | None:
    with database.transaction() as session:
        return session.scalar(
            select(User.id).where(
                func.lower(User.email) == email.strip().lower(), User.access == "owner", User.active
            )
        )


def _one_more(session: Session, name: str, email: str) -> int:
    draft = PersonDraft(name=name, email=email, access="owner")
    return add_person(session, request_id=uuid4(), draft=draft).id


def _prompt(what: str, *, hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        option = "--password-stdin" if hidden else f"--{what.lower().replace('-', '')}"
        raise ConfigError("answer_missing", what=what, option=option)
    answer: str = typer.prompt(what, hide_input=hidden, confirmation_prompt=hidden, err=True)
    return answer


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return _prompt("Password", hidden=True)
