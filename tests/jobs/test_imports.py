"""studio-jobs import."""

from pathlib import Path

import pytest
from sqlalchemy import URL

from studio_core.db.engine import raw_connection
from tests.jobs.conftest import Jobs, written

_LEGACY = Path(__file__).parents[1] / "data" / "legacy"


@pytest.fixture
def legacy(empty_database_url: URL) -> str:
    """A legacy database, as loaded from its dump."""
    connection = raw_connection(empty_database_url, application_name="tests")
    for name in ("schema.sql", "rows.sql"):
        connection.cursor().execute((_LEGACY / name).read_text("utf-8"))
    connection.close()
    return written(empty_database_url)


def test_legacy_database_is_brought_over_and_reported(jobs: Jobs, legacy: str) -> None:
    ran = jobs("import", "legacy", "--from", legacy)
    assert ran.code == 0, ran.err
    assert "pagamentos" in ran.out
    again = jobs("import", "legacy", "--from", legacy, "--json")
    assert again.code == 0
    assert all(count["imported"] == 0 for count in again.json["counts"])
    assert isinstance(again.json["findings"], list)


def test_what_is_no_legacy_database_is_usage(jobs: Jobs, database_url: URL) -> None:
    for source in ("nonsense", "postgresql://a:b@127.0.0.1:1/x", written(database_url)):
        ran = jobs("import", "legacy", "--from", source)
        assert ran.code == 2, ran
        assert ran.err.count("\n") == 1
