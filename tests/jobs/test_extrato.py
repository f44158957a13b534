"""studio-jobs extrato, as cron and the owner use it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from studio_core.months import Month
from tests.books import DAY, MONTH, Books
from tests.jobs.conftest import Jobs

SEPTEMBER = ("--year", "2025", "--month", "9")


@pytest.fixture
def september(books: Books) -> Books:
    """Three payments, one of them voided, and one expense."""
    books.pay("300")
    books.pay("200.50", artist_id=books.bento, method="cash")
    books.spend("80.25")
    return books


def close(jobs: Jobs, *options: str) -> None:
    ran = jobs("extrato", "run", *SEPTEMBER, "--with-backup", *options)
    assert ran.code == 0, ran.err


def test_month_is_closed_and_shown_in_the_published_shape(jobs: Jobs, september: Books) -> None:
    assert jobs("backup", "create", *SEPTEMBER).code == 0
    assert jobs("extrato", "run", *SEPTEMBER).code == 0
    shown = jobs("extrato", "show", *SEPTEMBER, "--json").json
    digest = shown.pop("digest")
    assert len(digest) == 64
    assert shown == {
        "year": 2025,
        "month": 9,
        "version": 1,
        "counts": {"payments": 2, "sessions": 0, "commissions": 1, "expenses": 1},
        "totals": {
            "gross_revenue": "500.50",
            "commissions": "150.00",
            "expenses": "80.25",
            "balance": "420.25",
            "net_revenue": "270.25",
            "by_artist": [{"artist": "Ana Tinta", "revenue": "300.00", "commission": "150.00"}],
            "by_method": [
                {"method": "cash", "total": "200.50"},
                {"method": "pix", "total": "300.00"},
            ],
            "expenses_by_method": [{"method": "cash", "total": "80.25"}],
            "expenses_by_category": [{"category": "materials", "total": "80.25"}],
        },
    }


def test_preview_has_the_shape_and_totals_of_the_extrato(jobs: Jobs, september: Books) -> None:
    before = jobs("extrato", "preview", *SEPTEMBER, "--json").json
    close(jobs)
    after = jobs("extrato", "show", *SEPTEMBER, "--json").json
    assert before["version"] is None
    assert before["digest"] is None
    assert list(before) == list(after)
    assert (before["counts"], before["totals"]) == (after["counts"], after["totals"])
    assert jobs("extrato", "preview", *SEPTEMBER).code == 4


def test_without_a_backup_nothing_is_closed(jobs: Jobs, september: Books) -> None:
    ran = jobs("extrato", "run", *SEPTEMBER)
    assert ran.code == 4
    assert "backup create" in ran.err
    assert september.value("SELECT count(*) FROM payments") == 2


def test_missing_backup_only_warns_where_the_studio_says_so(jobs: Jobs, september: Books) -> None:
    ran = jobs("extrato", "run", *SEPTEMBER, EXTRATO_REQUIRE_BACKUP="false")
    assert ran.code == 0
    assert ran.err.startswith("Warning: ")


def test_stale_backup_is_refused(jobs: Jobs, september: Books) -> None:
    jobs("backup", "create", *SEPTEMBER)
    september.pay("10")
    ran = jobs("extrato", "run", *SEPTEMBER)
    assert ran.code == 4
    assert september.value("SELECT count(*) FROM payments") == 3


def test_closing_twice_says_so(jobs: Jobs, september: Books) -> None:
    close(jobs)
    made = list(jobs.backup_dir.iterdir())
    for options in ((), ("--with-backup",)):
        ran = jobs("extrato", "run", *SEPTEMBER, *options)
        assert ran.code == 4
        assert "already closed" in ran.err
    assert list(jobs.backup_dir.iterdir()) == made


def test_running_month_is_refused(jobs: Jobs, books: Books) -> None:
    today = datetime.now(UTC).date()
    options = (f"--year={today.year}", f"--month={today.month}", "--with-backup")
    ran = jobs("extrato", "run", *options)
    assert ran.code == 4
    assert "not over" in ran.err
    assert not jobs.backup_dir.exists()


def test_default_is_last_month_at_the_studio(jobs: Jobs, books: Books) -> None:
    today = books.value("SELECT studio.today()")
    assert isinstance(today, date)
    assert jobs("extrato", "run", "--with-backup").code == 0
    shown = jobs("extrato", "show", "--json").json
    assert Month(shown["year"], shown["month"]) == Month.of(today).previous()
    assert shown["totals"]["gross_revenue"] == "0.00"


def test_rehearsal_keeps_nothing(jobs: Jobs, september: Books) -> None:
    jobs("backup", "create", *SEPTEMBER)
    before = september.snapshot()
    ran = jobs("extrato", "run", *SEPTEMBER, "--dry-run", "--json")
    assert ran.code == 0
    assert ran.json["rehearsed"] is True
    assert ran.json["extrato"]["totals"]["gross_revenue"] == "500.50"
    assert september.snapshot() == before
    assert jobs("extrato", "show", *SEPTEMBER).code == 4


def test_rehearsal_with_a_backup_says_that_it_keeps_it(jobs: Jobs, september: Books) -> None:
    ran = jobs("extrato", "run", *SEPTEMBER, "--dry-run", "--with-backup")
    assert ran.code == 0, ran.err
    assert "Only the backup was kept." in ran.out
    assert len(list(jobs.backup_dir.glob("*.backup.zip"))) == 1


def test_force_adds_what_came_late(jobs: Jobs, september: Books) -> None:
    close(jobs)
    jobs("extrato", "reopen", *SEPTEMBER, "--reason", "late payment")
    september.pay("45")
    close(jobs)
    close(jobs, "--force")
    shown = jobs("extrato", "show", *SEPTEMBER, "--json").json
    assert shown["version"] == 3
    assert shown["counts"]["payments"] == 3
    first = jobs("extrato", "show", *SEPTEMBER, "--version", "1", "--json").json
    assert Decimal(first["totals"]["gross_revenue"]) == Decimal("500.50")
    versions = jobs("extrato", "list", "--all", "--json").json
    assert [line["version"] for line in versions] == [3, 2, 1]
    assert [line["version"] for line in jobs("extrato", "list", "--json").json] == [3]
    assert versions[2]["superseded_why"] == "late payment"
    assert jobs("extrato", "show", *SEPTEMBER, "--version", "9").code == 4


def test_reopen_gives_the_month_back_row_for_row(jobs: Jobs, september: Books) -> None:
    before = september.snapshot()
    close(jobs)
    assert jobs("extrato", "reopen", *SEPTEMBER, "--reason", " ").code == 4
    assert jobs("extrato", "reopen", *SEPTEMBER, "--reason", "wrong month").code == 0
    assert september.snapshot() == before
    assert jobs("extrato", "reopen", *SEPTEMBER, "--reason", "again").code == 4


def test_verify_names_what_was_tampered_with(jobs: Jobs, september: Books) -> None:
    close(jobs)
    assert jobs("extrato", "verify").code == 0
    assert jobs("extrato", "verify", "--json").json == {"ok": True, "findings": []}
    with september.database.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE archive.payments SET amount = 1 WHERE amount = 300")
    ran = jobs("extrato", "verify", "--json")
    assert ran.code == 1
    (found,) = ran.json["findings"]
    assert (found["year"], found["month"], found["what"]) == (2025, 9, "row")
    assert f"row {found['row']} of payments" in jobs("extrato", "verify").out


def test_closing_that_runs_elsewhere_is_75(jobs: Jobs, september: Books) -> None:
    jobs("backup", "create", *SEPTEMBER)
    with september.database.transaction() as session:
        session.connection().exec_driver_sql(
            "SELECT pg_advisory_xact_lock(hashtext('studio.closing'), 202509)"
        )
        assert jobs("extrato", "run", *SEPTEMBER).code == 75
    assert jobs("extrato", "run", *SEPTEMBER).code == 0


def test_lists_are_readable_and_empty_ones_say_what_to_do(jobs: Jobs, september: Books) -> None:
    assert "studio-jobs extrato run" in jobs("extrato", "list").out
    close(jobs)
    listed = jobs("extrato", "list").out
    assert MONTH.label in listed
    assert "500.50" in listed
    assert "Ana Tinta" in jobs("extrato", "show", *SEPTEMBER).out


def test_log_tells_the_closing_under_one_correlation_id(jobs: Jobs, september: Books) -> None:
    close(jobs)
    logged = (jobs.log_dir / "atomic_extrato.log").read_text("utf-8")
    assert "extrato_run_done" in logged
    run_id = september.value("SELECT correlation_id FROM extrato_runs WHERE status = 'done'")
    assert run_id in logged
    assert "backup_created" in (jobs.log_dir / "backup_process.log").read_text("utf-8")
    assert DAY.isoformat() not in logged
