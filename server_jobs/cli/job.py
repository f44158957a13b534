"""One run of one command: its settings, its log, its correlation id, its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import typer
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from server_jobs.cli.output import warn
from studio_core.alerts.policy import SlowQueryPolicy, studio_policy
from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.config import Settings, SettingsFile
from studio_core.db.engine import Database
from studio_core.db.migrations import check_program
from studio_core.errors import ConfigError, RuleError, StudioError
from studio_core.observability import at_route, configure_logging, correlation, get_logger
from studio_core.observability.tracebacks import told_refusal

_PROGRAM = "studio-jobs"


@dataclass(frozen=True, slots=True)
class Job:
    """name: of the command, as "extrato run". slow_queries: tells of them while it runs."""

    name: str
    settings: Settings
    correlation_id: str
    slow_queries: SlowQueryReporter


class UnexpectedError(Exception):
    """A bug; its traceback is in the log under this correlation id."""

    def __init__(self, correlation_id: str) -> None:
        super().__init__(correlation_id)
        self.correlation_id = correlation_id


scheduled: ContextVar[bool] = ContextVar("scheduled", default=False)
"""Whether cron started this command."""


@contextmanager
def job(name: str, logger: str, *, unwatched: bool = False) -> Iterator[Job]:
    """Reads the settings and opens the log. What goes wrong in the body is logged once, here.

    logger: the command's __name__, which decides the files that its lines go to.
    unwatched: no person waits for it; so is every command after --scheduled.
    """
    file = SettingsFile()
    settings = file.load()
    configure_logging(settings.log_dir, program=_PROGRAM, scheduled=unwatched or scheduled.get())
    slow_queries = SlowQueryReporter(file, settings, program=_PROGRAM)
    with correlation() as correlation_id, at_route(name), slow_queries:
        log = get_logger(logger).bind(command=name)
        log.info("command_started")
        try:
            yield Job(name, settings, correlation_id, slow_queries)
        except (KeyboardInterrupt, typer.Abort):  # The other one is Ctrl+C at a question.
            log.warning("command_stopped")
            raise
        except StudioError as error:
            log.warning("command_refused", code=error.code, sentence=told_refusal(error))
            raise
        except Exception as error:  # A bug of ours: logged with its traceback, shown as one.
            log.exception("command_failed")
            raise UnexpectedError(correlation_id) from error
        log.info("command_done")


@contextmanager
def studio_database(running: Job, *, only_looks: bool = False) -> Iterator[Database]:
    """The studio's database, once it answers and program and schema fit each other.

    only_looks: not even slow statements are noted in it.
    Raises ConfigError for whatever is wrong with the address, the login or the schema.
    """
    with opened(running, running.settings.required_database_url()) as database:
        with usable(), database.transaction() as session:
            check_program(session)
            _check_login(database, session.scalar(_LOGIN_KIND))
            decided = _decided(session)
        running.slow_queries.attach(database, decided, keeps=not only_looks)
        yield database


@contextmanager
def opened(running: Job, url: str | URL) -> Iterator[Database]:
    """A database that answers. Raises ConfigError for a wrong address, login or password."""
    with usable():
        database = Database(url, application_name=f"studio-jobs {running.name}", pool_size=2)
    with database:
        try:
            with usable():
                database.check()
        except ConfigError as error:
            if error.code != "sign_in_refused":
                raise
            raise ConfigError("login_refused", login=database.url.username or "-") from error
        yield database


@contextmanager
def usable() -> Iterator[None]:
    """Whatever is refused before the work begins is a matter of configuration."""
    try:
        yield
    except ConfigError:
        raise
    except StudioError as error:
        raise ConfigError(error.code, **error.params) from error


def _decided(session: Session) -> SlowQueryPolicy | None:
    """A setting of the alerts that makes no sense stops no command; the alerts say so."""
    try:
        return studio_policy(session)
    except RuleError:
        return None


_LOGIN_KIND = text(
    "SELECT CASE WHEN rolsuper THEN 'superuser'"
    " WHEN pg_has_role(oid, 'studio_jobs', 'USAGE') OR pg_has_role(oid, 'studio_owner', 'USAGE')"
    " THEN 'member' ELSE 'stranger' END FROM pg_roles WHERE rolname = current_user"
)


def _check_login(database: Database, kind: str | None) -> None:
    login = database.url.username or ""
    if kind == "superuser":
        warn(f"working as the administrator “{login}”. A login in the group studio_jobs is enough.")
    elif kind != "member":
        raise ConfigError("login_without_group", login=login)
