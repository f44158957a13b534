"""The daily clean-up: what it removes, when, and what it never touches."""

import os
import time

import pytest
from sqlalchemy import text

from server_jobs.jobs.clean_up import CLEAN_UP
from server_jobs.jobs.work import Work
from server_jobs.scheduler import Scheduler
from server_jobs.serving import CHORES
from studio_core.errors import RuleError
from tests.books import Books, run
from tests.jobs.conftest import Jobs

CLEANED = {
    *("extrato_progress", "extrato_requests", "alerts", "full_backups"),
    *("signin_nonces", "signin_attempts", "api_tokens"),
}
KEPT_FOR_EVER = {"payments", "requests", "audit_log", "audit_identities", "extratos", "backups"}

ROWS = (
    """
    INSERT INTO extrato_runs (month_start, action, status, message, started_at, finished_at)
    SELECT '2024-01-01', 'close', status, note, now() - age, CASE status WHEN 'running' THEN NULL
           ELSE now() - age END
    FROM (VALUES ('done', 'old', interval '32 days'), ('died', 'old', interval '3 years'),
                 ('done', 'new', interval '29 days'), ('running', 'new', interval '60 days'))
         AS r (status, note, age)
    """,
    "INSERT INTO extrato_progress (run_id, stage) SELECT id, message FROM extrato_runs",
    """
    INSERT INTO extrato_requests (month_start, status, message, requested_at, finished_at)
    SELECT '2024-01-01', status, note, now() - age, CASE status WHEN 'waiting' THEN NULL
           ELSE now() - age END
    FROM (VALUES ('done', 'old', interval '13 months'), ('failed', 'old', interval '2 years'),
                 ('done', 'new', interval '11 months'), ('waiting', 'new', interval '2 years'))
         AS r (status, note, age)
    """,
    """
    INSERT INTO alerts (kind, message, at, seen_at)
    SELECT 'slow_query', note, now() - age, now() - seen
    FROM (VALUES ('old', interval '13 months', interval '1 day'),
                 ('old', interval '4 years', NULL),
                 ('new', interval '11 months', interval '10 months'),
                 ('new', interval '2 years', NULL)) AS a (note, age, seen)
    """,
    """
    INSERT INTO full_backups (file_name, file_sha256, file_bytes, manifest, created_at, removed_at)
    SELECT note, '', 1, '{}', now() - age, now() - removed
    FROM (VALUES ('old', interval '2 years', interval '13 months'),
                 ('new', interval '2 years', interval '11 months'),
                 ('new', interval '2 years', NULL)) AS b (note, age, removed)
    """,
    """
    INSERT INTO signin_nonces (nonce, expires_at)
    VALUES ('old', now() - interval '49 hours'), ('new', now() - interval '23 hours')
    """,
    """
    INSERT INTO signin_attempts (account_hash, address, at, ok)
    VALUES ('old', '-', now() - interval '49 hours', false), ('new', '-', now(), true)
    """,
    """
    INSERT INTO api_tokens (jti, role_name, user_id, expires_at, revoked_at)
    SELECT gen_random_uuid(), note, u.id, now() - age, now() - age
    FROM (VALUES ('old', interval '49 hours'), ('new', interval '23 hours')) AS t (note, age),
         (SELECT min(id) AS id FROM users) AS u
    """,
    """
    INSERT INTO requests (request_id, action, result, requested_at)
    VALUES (gen_random_uuid(), 'record_payment', '{}', now() - interval '9 years')
    """,
)
_NOTES = (
    "SELECT stage FROM extrato_progress UNION ALL SELECT message FROM extrato_requests"
    " UNION ALL SELECT message FROM alerts UNION ALL SELECT file_name FROM full_backups"
    " UNION ALL SELECT nonce FROM signin_nonces UNION ALL SELECT role_name FROM api_tokens"
    " UNION ALL SELECT account_hash FROM signin_attempts"
)


def years_of_records(books: Books) -> None:
    books.pay("10.00")
    with books.database.transaction() as session:
        for rows in ROWS:
            run(session, rows)


def test_clean_up_removes_what_is_outdated_and_nothing_else(work: Work, books: Books) -> None:
    years_of_records(books)
    before = books.everything()
    Scheduler(work, [CLEAN_UP]).look()
    assert {note for (note,) in books.rows(_NOTES)} == {"new"}
    assert len(books.rows(_NOTES)) == 2 + 2 + 2 + 2 + 1 + 1 + 1
    after = books.everything()
    changed = {table.removeprefix("public.") for table in before if before[table] != after[table]}
    # That requests and backups of all were removed is itself on record.
    assert changed == CLEANED | {"audit_log"}
    assert books.value("SELECT count(*) FROM extrato_runs") == 4


def test_clean_up_comes_once_a_day_for_all_that_came_of_age(work: Work, books: Books) -> None:
    assert CLEAN_UP.due(work) is None
    years_of_records(books)
    assert CLEAN_UP.due(work) == "old records"
    CLEAN_UP.do(work)
    assert CLEAN_UP.due(work) is None
    for hours, due in ((23, None), (25, "old records")):
        with books.database.transaction() as session:
            run(
                session,
                "UPDATE extrato_runs SET finished_at = now() - interval '30 days'"
                " - make_interval(hours => :hours) WHERE message = 'new' AND status = 'done'",
                hours=hours,
            )
        assert CLEAN_UP.due(work) == due


def test_clean_up_removes_what_broken_off_backups_left_and_not_what_is_being_written(
    work: Work, jobs: Jobs, books: Books
) -> None:
    full = jobs.backup_dir / "full"
    full.mkdir(parents=True)
    old = [jobs.backup_dir / "a.backup.zip.partial", full / "b.dump.partial"]
    kept = [jobs.backup_dir / "c.backup.zip.partial", jobs.backup_dir / "d.backup.zip"]
    for file in (*old, *kept):
        file.touch()
    for file in (*old, kept[1]):
        os.utime(file, (time.time() - 25 * 3600,) * 2)
    assert CLEAN_UP.due(work) == "broken-off backups"
    Scheduler(work, [CLEAN_UP]).look()
    assert [file.exists() for file in (*old, *kept)] == [False, False, True, True]
    assert CLEAN_UP.due(work) is None


def test_clean_up_is_no_way_to_remove_anything_else(work: Work, books: Books) -> None:
    places = {place for (place,) in books.rows("SELECT place FROM studio.outdated()")}
    assert places == CLEANED
    assert not places & KEPT_FOR_EVER
    for table in sorted(CLEANED | KEPT_FOR_EVER):
        with (
            pytest.raises(RuleError, match="not allowed"),
            work.database.transaction() as session,
        ):
            session.execute(text(f"DELETE FROM {table}"))


def test_serve_cleans_up() -> None:
    assert CLEAN_UP in CHORES
