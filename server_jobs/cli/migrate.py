"""studio-jobs migrate: brings the database to this program's version."""

from server_jobs.cli.job import job, opened
from server_jobs.cli.output import say
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.db.migrations import current_revision, head_revision
from studio_core.db.migrations import migrate as bring_up
from studio_core.errors import ConfigError, RuleError
from studio_core.observability import get_logger

_log = get_logger(__name__)


def migrate() -> None:
    """Set the database up, or bring it to this version; safe to repeat.

    Works as ADMIN_DATABASE_URL. Where DATABASE_URL names another login, that login is made, with
    its password and the rights of the server's jobs, unless it exists.
    """
    with job("migrate", __name__) as running:
        settings = running.settings
        admin_url = settings.required_admin_url()
        with opened(running, admin_url) as database, database.transaction() as session:
            before = current_revision(session)
            user = database.url.username or "-"
        try:
            bring_up(admin_url)
            login = None
            if settings.database_url is not None:
                login = ensure_jobs_login(admin_url, settings.database_url.get_secret_value())
        except RuleError as error:
            if error.code != "not_allowed":
                raise
            raise ConfigError("migrate_needs_superuser", login=user) from error
        after = head_revision()
        _log.info("migrated", before=before, after=after, login=login)
    if before == after:
        say(f"The database was at revision {after} already.")
    else:
        say(f"The database is at revision {after} now.")
    if login is not None:
        say(f"The login {login} may do the server's jobs.")
