"""studio-jobs backup."""

from pathlib import Path

import pytest
from sqlalchemy import URL

from studio_core.db.engine import Database
from tests.books import Books, Reader
from tests.jobs.conftest import Jobs, written

SEPTEMBER = ("--year", "2025", "--month", "9")


@pytest.fixture
def september(books: Books) -> Books:
    books.fill(40)
    return books


def make(jobs: Jobs) -> str:
    made = jobs("backup", "create", *SEPTEMBER, "--json")
    assert made.code == 0, made.err
    file = made.json["file"]
    assert isinstance(file, str)
    return file


def test_backup_is_made_listed_and_verified(jobs: Jobs, september: Books) -> None:
    assert "studio-jobs backup create" in jobs("backup", "list").out
    file = make(jobs)
    (listed,) = jobs("backup", "list", "--json").json
    assert listed["file"] == file
    assert (listed["year"], listed["month"], listed["verified"]) == (2025, 9, True)
    assert listed["rows"] == {"payments": 40, "commissions": 30, "expenses": 4, "sessions": 40}
    assert "verified" in jobs("backup", "list", *SEPTEMBER).out
    for which in ((file,), SEPTEMBER):
        checked = jobs("backup", "verify", *which, "--json")
        assert checked.code == 0
        assert checked.json["verified"] is True
    assert "whole" in jobs("backup", "verify", file).out


def test_backup_is_found_by_the_name_alone_that_list_prints(jobs: Jobs, september: Books) -> None:
    name = Path(make(jobs)).name
    assert name in jobs("backup", "list").out
    assert jobs("backup", "verify", name).code == 0
    (jobs.backup_dir / name).unlink()
    assert "no such file" in jobs("backup", "verify", name).err


def test_stale_backup_is_told_from_a_damaged_and_a_missing_one(
    jobs: Jobs, september: Books
) -> None:
    file = make(jobs)
    september.pay("10")
    ran = jobs("backup", "verify", file, "--json")
    assert ran.code == 4
    assert ran.json["stale"] == ["payments", "commissions"]
    states = [jobs("backup", "list", "--json").json[0]["state"]]
    path = jobs.backup_dir / file
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert jobs("backup", "verify", file).code == 4
    states.append(jobs("backup", "list", "--json").json[0]["state"])
    path.unlink()
    assert jobs("backup", "verify", file).code == 4
    states.append(jobs("backup", "list", "--json").json[0]["state"])
    assert states == ["stale", "damaged", "missing"]
    assert jobs("backup", "verify", *SEPTEMBER).code == 4


def test_folder_that_cannot_be_written_fails_with_a_sentence(jobs: Jobs, september: Books) -> None:
    jobs.backup_dir.parent.mkdir(exist_ok=True)
    jobs.backup_dir.write_text("a file")
    ran = jobs("backup", "create", *SEPTEMBER)
    assert ran.code == 1
    assert "Cannot write" in ran.err
    assert september.value("SELECT count(*) FROM backups") == 0


def test_restore_brings_the_month_into_an_empty_database(
    jobs: Jobs, september: Books, empty_database_url: URL
) -> None:
    file = make(jobs)
    before = september.snapshot()
    admin = written(empty_database_url)
    ran = jobs("backup", "restore", file, ADMIN_DATABASE_URL=admin)
    assert ran.code == 0, ran.err
    with Database(empty_database_url, application_name="tests") as restored:
        assert Reader(restored).snapshot() == before
    again = jobs("backup", "restore", file, ADMIN_DATABASE_URL=admin)
    assert again.code == 4


def test_restore_never_falls_back_to_the_database_in_use(jobs: Jobs, september: Books) -> None:
    ran = jobs("backup", "restore", make(jobs))
    assert ran.code == 2
    assert "ADMIN_DATABASE_URL" in ran.err
