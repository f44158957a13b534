"""Once a day: removes what told how something went and nobody asks for any more.

Which rows those are, and after how long, is said in one place, studio.outdated() of the database.
"""

from sqlalchemy import text

from server_jobs.jobs.work import Chore, Work
from studio_core.observability import get_logger
from studio_core.whole_files import unfinished_files, writing_errors

_log = get_logger(__name__)


def clean_up(work: Work) -> None:
    """Raises StudioError: cannot_write, and those of the database."""
    with work.database.transaction() as session:
        rows = session.execute(text("SELECT studio.clean_up()")).scalar_one()
        logins = session.execute(text("SELECT studio.forget_old_logins()")).scalar_one()
    folder = work.settings.backup_dir
    files = unfinished_files(folder)
    with writing_errors(folder):
        for file in files:
            file.unlink(missing_ok=True)
    _log.info("cleaned_up", rows=rows, logins=logins, files=[file.name for file in files])


def _due(work: Work) -> str | None:
    if unfinished_files(work.settings.backup_dir):
        return "broken-off backups"
    with work.database.transaction() as session:
        late = session.execute(text("SELECT studio.clean_up_due()")).scalar_one()
    return "old records" if late else None


CLEAN_UP = Chore(
    name="clean-up",
    title="chore_clean_up",
    alert="clean_up_failed",
    at={"hour": 4, "minute": 10},
    due=_due,
    do=clean_up,
)
