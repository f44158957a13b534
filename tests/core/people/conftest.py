"""A login of the server's jobs, beside the people's."""

from collections.abc import Iterator

import pytest
from psycopg2 import sql
from sqlalchemy import URL

from studio_core.db.engine import Database, raw_connection

PASSWORD = "only-for-this-test"


@pytest.fixture
def jobs_url(database_url: URL) -> URL:
    login = f"{database_url.database}.jobs"
    connection = raw_connection(database_url, application_name="tests")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s IN ROLE studio_jobs").format(
                sql.Identifier(login)
            ),
            (PASSWORD,),
        )
    connection.close()
    return database_url.set(username=login, password=PASSWORD)


@pytest.fixture
def jobs(jobs_url: URL) -> Iterator[Database]:
    with Database(jobs_url, application_name="tests", pool_size=1) as own:
        yield own
