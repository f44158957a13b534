"""monitor on a small closed studio: healthy, then with one thing after the other gone wrong."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.db.migrations import head_revision
from tests.books import Books
from tests.jobs.conftest import Jobs

_YEAR_MONTH = ("--year", "2025", "--month", "9")


@pytest.fixture
def closed(jobs: Jobs, books: Books) -> Books:
    """September 2025 is closed behind its backup."""
    books.fill(12)
    ran = jobs("extrato", "run", "--with-backup", *_YEAR_MONTH, "--json")
    assert ran.code == 0, ran.err
    return books


def tamper(books: Books, statement: str) -> None:
    """As a superuser who steps around every trigger."""
    with books.database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


def faults(jobs: Jobs) -> list[str]:
    """The sentences of what is bad; the exit code must agree."""
    ran = jobs("monitor", "--json")
    bad = [found["text"] for found in ran.json["findings"] if found["level"] == "bad"]
    assert ran.code == (1 if bad else 0), ran.err
    assert ran.json["healthy"] is not bool(bad)
    return bad


def test_a_studio_that_is_new_is_healthy(jobs: Jobs) -> None:
    assert faults(jobs) == []


def test_a_closed_studio_is_healthy_and_the_report_says_what_was_looked_at(
    jobs: Jobs, closed: Books
) -> None:
    ran = jobs("monitor", "--report")

    assert ran.code == 0, ran.out
    assert ran.out.splitlines()[0].startswith(f"{closed.database.url.database} is healthy")
    for words in (
        f"revision {head_revision()}",
        "The backup of 2025-09 is whole, and equal to the closed month.",
        "All 1 extratos and their rows are as they were closed.",
        "The totals of 1 closed months are what their rows add up to.",
        "No alert in the last 7 days.",
        "BACKUP_DIR has",
        "LOG_DIR has",
    ):
        assert words in ran.out


def test_without_report_only_what_is_not_well_is_said(jobs: Jobs, closed: Books) -> None:
    ran = jobs("monitor")

    assert ran.code == 0
    assert "is whole" not in ran.out
    assert "There is no backup of the whole database yet." in ran.out


def test_a_row_changed_by_a_superuser_is_named_with_its_month(jobs: Jobs, closed: Books) -> None:
    row = closed.value("SELECT max(id) FROM archive.payments WHERE voided_at IS NULL")
    tamper(closed, f"UPDATE archive.payments SET amount = amount + 1 WHERE id = {row}")

    found = faults(jobs)

    assert any("2025-09" in line and f"payments, row {row} " in line for line in found)
    assert any(line.startswith("The totals of 2025-09 are not") for line in found)
    said = jobs("monitor", "--report")
    assert said.code == 1
    assert f"row {row} " in said.out


def test_a_deleted_backup_is_named_until_a_new_one_is_made(jobs: Jobs, closed: Books) -> None:
    (backup,) = jobs.backup_dir.glob("*.zip")
    backup.unlink()

    (fault,) = faults(jobs)
    assert backup.name in fault
    assert "2025-09" in fault

    assert jobs("backup", "create", *_YEAR_MONTH).code == 0
    assert faults(jobs) == []


def test_a_damaged_backup_is_named(jobs: Jobs, closed: Books) -> None:
    (backup,) = jobs.backup_dir.glob("*.zip")
    backup.write_bytes(backup.read_bytes()[:-40])

    (fault,) = faults(jobs)
    assert backup.name in fault


def test_a_row_slipped_into_a_closed_month_is_named(jobs: Jobs, closed: Books) -> None:
    tamper(
        closed,
        "INSERT INTO expenses (id, spent_on, amount, description, category, method)"
        " VALUES (4711, '2025-09-30', 5, 'x', 'other', 'cash')",
    )

    assert any("2025-09" in fault and "expenses, row 4711" in fault for fault in faults(jobs))


def test_totals_that_do_not_add_up_are_named(jobs: Jobs, closed: Books) -> None:
    tamper(
        closed,
        "UPDATE extratos SET totals = jsonb_set(totals, '{gross_revenue}', '\"1.00\"')",
    )

    found = faults(jobs)
    assert any("gross_revenue" in line and "2025-09" in line for line in found)
    assert any("totals or digest" in line for line in found)


def test_a_run_that_died_is_a_fault_until_the_month_is_closed(jobs: Jobs, books: Books) -> None:
    books.fill(3)
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO extrato_runs (month_start, action, status)"
                " VALUES ('2025-09-01', 'close', 'died')"
            )
        )
    (fault,) = faults(jobs)
    assert "2025-09" in fault

    assert jobs("extrato", "run", "--with-backup", *_YEAR_MONTH).code == 0
    assert faults(jobs) == []


def test_full_backups_are_watched(jobs: Jobs, books: Books) -> None:
    def on_record(age: str, drill: str) -> None:
        with books.database.transaction() as session:
            session.execute(text("DELETE FROM full_backups"))
            session.execute(
                text(
                    "INSERT INTO full_backups (file_name, file_sha256, file_bytes, manifest,"
                    " created_at, drilled_at, drill_message)"
                    " VALUES ('whole.zip', encode(sha256('whole'), 'hex'), 5, '{}',"
                    f" now() - interval '{age}', {drill})"
                )
            )

    on_record("1 hour", "now(), NULL")
    (fault,) = faults(jobs)
    assert "whole.zip is gone" in fault
    (jobs.backup_dir / "full").mkdir(parents=True)
    file = jobs.backup_dir / "full" / "whole.zip"
    for other in ("whol", "Whole"):
        file.write_text(other, "utf-8")
        (fault,) = faults(jobs)
        assert "whole.zip is not the backup" in fault
    file.write_text("whole", "utf-8")
    assert faults(jobs) == []
    on_record("3 days", "now(), NULL")
    (fault,) = faults(jobs)
    assert "72 hours old" in fault
    on_record("1 hour", "now(), 'counts differ'")
    (fault,) = faults(jobs)
    assert "counts differ" in fault


def test_alerts_warn_and_stay_healthy(jobs: Jobs, books: Books) -> None:
    with books.database.transaction() as session:
        session.execute(text("SELECT studio.raise_alert('slow_query', 'warning', 'slow')"))
        session.execute(text("SELECT studio.raise_alert('backup_failed', 'danger', 'no room')"))

    ran = jobs("monitor")

    assert ran.code == 0
    assert "1 slow queries" in ran.out
    assert "backup failed" in ran.out


def test_another_schema_is_a_fault(jobs: Jobs, books: Books) -> None:
    with books.database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    (fault,) = faults(jobs)

    assert "9999" in fault


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        self.links += [name for name, _ in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_stands_alone_and_escapes_what_it_shows(
    jobs: Jobs, closed: Books, tmp_path: Path
) -> None:
    tamper(closed, "UPDATE extrato_runs SET status = 'failed', message = '<script>&'")
    file = tmp_path / "report.html"

    ran = jobs("monitor", "--report", "--html", str(file))

    assert ran.code == 1
    page = _Page()
    page.feed(file.read_text("utf-8"))
    assert page.open == []
    assert "script" not in page.tags
    assert page.links == []
    assert "<script>&" in page.words
    assert "2025-09" in page.words


def test_a_page_that_cannot_be_written_is_said(jobs: Jobs, books: Books, tmp_path: Path) -> None:
    ran = jobs("monitor", "--html", str(tmp_path / "nowhere" / "report.html"))

    assert ran.code == 1
    assert "Cannot write" in ran.err


def test_looking_changes_nothing(jobs: Jobs, closed: Books) -> None:
    before = closed.everything()

    assert jobs("monitor", "--report").code == 0

    assert closed.everything() == before
