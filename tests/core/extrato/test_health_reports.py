"""Looks at the studio's health that are kept: asked for, due, interrupted, and what they raise."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.errors import AlreadyRunningError, RuleError, UnavailableError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.health_looking import look_and_report
from studio_core.extrato.health_reports import (
    Report,
    health_due,
    health_is_asked_for,
    health_report,
    recent_reports,
    request_health,
)
from tests.background import wait_until
from tests.books import MONTH, Books
from tests.core.db.test_rights import signed_in


class Looking:
    """Looks at a studio's health from one computer."""

    def __init__(self, books: Books, folder: Path) -> None:
        self.books = books
        self.folder = folder
        self.backups = folder / "backups"

    def __call__(self, database: Database | None = None) -> Report:
        look_and_report(
            database or self.books.database,
            backup_dir=self.backups,
            log_dir=self.folder,
            looked_on="studio-server",
        )
        return reports(self.books)[0]

    def close(self) -> None:
        create_backup(self.books.database, month=MONTH, directory=self.backups)
        options = ClosingOptions(self.backups, batch_size=1000)
        close_month(self.books.database, month=MONTH, options=options)

    def alerts(self) -> list[str]:
        told = self.books.rows(
            "SELECT severity, message FROM alerts WHERE kind = 'health' ORDER BY id"
        )
        assert {severity for severity, _ in told} <= {"danger"}
        return [message for _, message in told]

    def due(self, since: datetime) -> str | None:
        with self.books.database.transaction() as session:
            return health_due(session, since=since)


@pytest.fixture
def looking(books: Books, tmp_path: Path) -> Looking:
    return Looking(books, tmp_path)


def reports(books: Books) -> tuple[Report, ...]:
    with books.database.transaction() as session:
        return recent_reports(session)


def ask(books: Books) -> int:
    with books.database.transaction() as session:
        return request_health(session)


def test_report_is_kept_as_it_was_found(books: Books, looking: Looking) -> None:
    books.fill(10)
    looking.close()
    report = looking()
    assert (report.status, report.healthy) == ("done", True)
    assert (report.looked_on, report.looked_by, report.asked_by) == ("studio-server", "admin", None)
    assert report.started_at is not None
    assert report.looked_at is not None
    assert report.started_at <= report.looked_at
    codes = {condition.code for condition in report.of_subject("backups")}
    assert {"health_backups", "health_backup_verified"} <= codes
    (folder,) = (one for one in report.of_subject("disk") if one.params.get("setting") == "LOG_DIR")
    assert folder.params["folder"] == str(looking.folder)
    assert looking.alerts() == []


def test_new_fault_raises_one_alert_and_a_known_one_none(books: Books, looking: Looking) -> None:
    books.fill(10)
    looking.close()
    looking()
    (backup,) = looking.backups.iterdir()
    kept = backup.read_bytes()
    backup.unlink()
    assert looking().healthy is False
    (message,) = looking.alerts()
    assert backup.name in message
    assert looking().healthy is False
    assert len(looking.alerts()) == 1
    backup.write_bytes(kept)
    assert looking().healthy is True
    backup.unlink()
    looking()
    assert len(looking.alerts()) == 2, "it was well in between, so it is news"
    (details,) = books.rows("SELECT details FROM alerts ORDER BY id DESC LIMIT 1")[0]
    assert details["code"] == "health_backup_gone"


def test_fault_that_only_grows_older_is_not_told_again(books: Books, looking: Looking) -> None:
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO full_backups (file_name, file_sha256, file_bytes, manifest,"
                " created_at) VALUES ('whole.zip', encode(sha256('whole'), 'hex'), 5, '{}',"
                " now() - interval '50 hours')"
            )
        )
    looking.backups.mkdir()
    (looking.backups / "whole.zip").write_text("whole", "utf-8")
    looking()
    with books.database.transaction() as session:
        session.execute(text("UPDATE full_backups SET created_at = now() - interval '99 hours'"))
    looking()
    (message,) = looking.alerts()
    assert "50 hours" in message


def test_wish_of_an_owner_is_answered_by_whoever_looks(books: Books, looking: Looking) -> None:
    with signed_in(books, "studio_owner") as owner, owner.transaction() as session:
        wish = request_health(session)
    assert ask(books) == wish, "one that waits is not asked for twice"
    with books.database.transaction() as session:
        assert health_is_asked_for(session)
        waiting = health_report(session, wish)
    assert waiting is not None
    assert (waiting.status, waiting.over, waiting.conditions) == ("waiting", False, ())
    report = looking()
    assert report.id == wish
    assert report.over
    with books.database.transaction() as session:
        assert not health_is_asked_for(session)
    assert ask(books) != wish


@pytest.mark.parametrize("group", ["studio_manager", "studio_reception", "studio_jobs"])
def test_only_owners_ask(books: Books, group: str) -> None:
    with (
        signed_in(books, group) as other,
        pytest.raises(RuleError) as refused,
        other.transaction() as session,
    ):
        request_health(session)
    assert refused.value.code == "not_allowed"


def test_owner_and_jobs_may_look(books: Books, looking: Looking) -> None:
    for group in ("studio_owner", "studio_jobs"):
        with signed_in(books, group) as login:
            report = looking(login)
            assert report.looked_by == login.url.username


def test_wish_and_report_are_announced(books: Books, looking: Looking) -> None:
    listener = Listener(books.database.url)
    try:
        wish = ask(books)
        announced = ("health_reports", (wish,))

        def heard() -> bool:
            return announced in [(change.table, change.ids) for change in listener.poll()]

        wait_until(heard)
        ask(books)
        wait_until(heard)
        looking()
        wait_until(heard)
    finally:
        listener.close()


def test_two_do_not_look_at_once(
    books: Books, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def held(*_: object, **__: object) -> None:
        inside.set()
        assert go_on.wait(30)
        raise UnavailableError("connection_lost")

    monkeypatch.setattr("studio_core.extrato.health_looking.look_at_health", held)
    refused: list[str] = []

    def first() -> None:
        try:
            looking()
        except UnavailableError as error:
            refused.append(error.code)

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(30)
    with pytest.raises(AlreadyRunningError):
        looking()
    go_on.set()
    thread.join()
    assert refused == ["connection_lost"]
    assert books.rows("SELECT status, message FROM health_reports") == [
        ("failed", "The connection to the database was lost. Try again.")
    ]
    assert reports(books) == ()


def test_look_that_died_is_buried_by_the_next(books: Books, looking: Looking) -> None:
    with books.database.transaction() as session:
        session.execute(text("INSERT INTO health_reports (status) VALUES ('looking')"))
    looking()
    assert books.rows("SELECT status, message FROM health_reports ORDER BY id") == [
        ("failed", "The look at the studio's health was interrupted."),
        ("done", None),
    ]


def test_reports_older_than_ninety_days_go(books: Books, looking: Looking) -> None:
    for _ in range(3):
        looking()
    with books.database.transaction() as session:
        session.execute(
            text(
                "UPDATE health_reports SET created_at = now() - CASE id WHEN"
                " (SELECT min(id) FROM health_reports) THEN interval '91 days'"
                " ELSE interval '89 days' END"
            )
        )
    looking()
    assert len(reports(books)) == 3


def test_look_is_due_once_a_day_and_after_a_closing(books: Books, looking: Looking) -> None:
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    assert looking.due(long_ago) == "daily"
    looking()
    assert looking.due(long_ago) is None
    assert looking.due(datetime.now(UTC) + timedelta(hours=1)) == "daily"
    books.fill(5)
    looking.close()
    assert looking.due(long_ago) == "after a closing"
    looking()
    assert looking.due(long_ago) is None


def test_condition_keeps_its_sentence(books: Books, looking: Looking) -> None:
    found = look_and_report(
        books.database, backup_dir=looking.backups, log_dir=looking.folder, looked_on="here"
    )
    (kept,) = reports(books)
    assert [str(one) for one in kept.conditions] == [str(one) for one in found.conditions]
    assert kept.level == "warning"
