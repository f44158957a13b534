"""A PostgreSQL of the bench's own, with the settings of a real studio, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg2 import sql
from sqlalchemy import URL

from server_jobs.invented_month import MonthSize, fill_month
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database, raw_connection
from studio_core.db.migrations import migrate, set_database
from studio_core.months import Month

MONTH = Month(2025, 9)
_JOBS_LOGIN = "bench.jobs"


class BenchCluster:
    """Databases with a filled month, and copies of them, each as it was before any closing."""

    def __init__(self, server: EmbeddedServer, folder: Path) -> None:
        self._server = server
        self.folder = folder

    def filled(self, payments: int) -> tuple[URL, MonthSize]:
        """A migrated database whose MONTH has so many payments; the superuser's address."""
        url = self._server.create_database(f"month_{payments}")
        migrate(url)
        with Database(url, application_name="studio bench", pool_size=1) as admin:
            size = fill_month(admin, MONTH, payments)
        return url, size

    @contextmanager
    def copy(self, source: URL) -> Iterator[URL]:
        """A fresh copy for one measurement, so that each starts from the same files."""
        url = source.set(database=f"{source.database}_copy")
        self._run("DROP DATABASE IF EXISTS {0} WITH (FORCE)", url)
        # Copying files brings a checkpoint before and after, so that what one measurement left to
        # be written is not paid by the next.
        self._run("CREATE DATABASE {0} TEMPLATE {1} STRATEGY file_copy", url, source)
        try:
            with (
                Database(url, application_name="studio bench", pool_size=1) as admin,
                admin.transaction() as session,
            ):
                set_database(session.connection())
            yield url
        finally:
            self.drop(url)

    def drop(self, url: URL) -> None:
        self._run("DROP DATABASE IF EXISTS {0} WITH (FORCE)", url)

    def jobs_url(self, url: URL) -> URL:
        """The same database as the login that the server's jobs have: no superuser."""
        wanted = url.set(username=_JOBS_LOGIN, password=url.password)
        ensure_jobs_login(url, wanted)
        return wanted

    def version(self) -> str:
        connection = raw_connection(self._server.url, application_name="studio bench")
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW server_version")
                (found,) = cursor.fetchone() or ("",)
                return str(found).split(" ")[0]
        finally:
            connection.close()

    def _run(self, statement: str, *databases: URL) -> None:
        names = [sql.Identifier(str(url.database)) for url in databases]
        connection = raw_connection(self._server.url, application_name="studio bench")
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*names))
        finally:
            connection.close()


@contextmanager
def bench_cluster(parent: Path | None = None) -> Iterator[BenchCluster]:
    """A cluster that keeps what it commits, in a new folder of parent, removed at the end.

    parent: by default the system's folder for temporary files. On a file system in memory nothing
    is durable, and no figure is worth much.
    """
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-", dir=parent))
    folder.chmod(0o711)  # As root the server runs as somebody else, who must get through.
    server = EmbeddedServer(folder / "server")
    try:
        server.start()
        yield BenchCluster(server, folder)
    finally:
        try:
            server.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
