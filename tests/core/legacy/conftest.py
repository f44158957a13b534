"""A legacy database of an invented studio, and the login of the server's jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg2 import sql
from sqlalchemy import URL, text

from studio_core.db.engine import Database, raw_connection
from studio_core.legacy.importing import import_legacy
from studio_core.legacy.report import ImportReport, LegacyFinding

_DATA = Path(__file__).parents[2] / "data" / "legacy"


@dataclass(frozen=True)
class Legacy:
    """The legacy database: its address, and SQL in it."""

    url: str

    def run(self, *statements: str) -> None:
        connection = raw_connection(self.url, application_name="legacy")
        try:
            for statement in statements:
                connection.cursor().execute(statement)
        finally:
            connection.close()

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        connection = raw_connection(self.url, application_name="legacy")
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchall()
        finally:
            connection.close()


@dataclass(frozen=True)
class Studio:
    """Our side: the jobs' database for the import, the superuser's for looking at it."""

    jobs: Database
    admin: Database
    legacy: Legacy

    def import_it(self) -> ImportReport:
        return import_legacy(self.jobs, self.legacy.url)

    def ask(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        with self.admin.transaction() as session:
            return [tuple(row) for row in session.execute(text(statement), parameters)]

    def here(self, table: str, key: object) -> int:
        """Our id of a legacy row."""
        ((row_id,),) = self.ask(
            "SELECT row_id FROM legacy_rows WHERE table_name = :t AND legacy_key = :k",
            t=table,
            k=str(key),
        )
        return int(row_id)


@pytest.fixture
def legacy(empty_database_url: URL) -> Legacy:
    """As loaded from its dump."""
    made = Legacy(empty_database_url.render_as_string(hide_password=False))
    made.run((_DATA / "schema.sql").read_text("utf-8"), (_DATA / "rows.sql").read_text("utf-8"))
    return made


@pytest.fixture
def jobs_url(database: Database) -> URL:
    """A login role of the group studio_jobs."""
    name = f"{database.url.database}.jobs"
    connection = raw_connection(database.url, application_name="tests-admin")
    try:
        connection.cursor().execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'only-here' IN ROLE studio_jobs").format(
                sql.Identifier(name)
            )
        )
    finally:
        connection.close()
    return database.url.set(username=name, password="only-here")


@pytest.fixture
def studio(database: Database, jobs_url: URL, legacy: Legacy) -> Iterator[Studio]:
    with Database(jobs_url, application_name="studio import") as jobs:
        yield Studio(jobs, database, legacy)


def findings_of(report: ImportReport, kind: str) -> list[LegacyFinding]:
    return [finding for finding in report.findings if finding.kind == kind]


def keys_of(report: ImportReport, kind: str) -> list[tuple[str, str]]:
    """(table, key) of each finding of a kind."""
    return [(finding.table, finding.key) for finding in findings_of(report, kind)]
