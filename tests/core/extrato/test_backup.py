import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import RuleError, StudioError
from studio_core.extrato.backup import (
    create_backup,
    list_backups,
    month_digests,
    restore_backup,
    verify_backup,
)
from studio_core.extrato.backup_file import verified_manifest
from studio_core.months import Month
from tests.books import MONTH, Books, Reader
from tests.core.extrato.conftest import Closer
from tests.core.extrato.faults.month import TheMonth
from tests.full_disks import files_no_larger_than


def test_a_backup_holds_the_month_and_says_so(books: Books, closer: Closer) -> None:
    books.fill(30)
    backup = closer.back_up()
    earned = books.value("SELECT count(*) FROM commissions")
    assert backup.rows == {"payments": 30, "commissions": earned, "expenses": 3, "sessions": 30}
    assert backup.path.stat().st_mode & 0o077 == 0
    assert list(closer.folder.iterdir()) == [backup.path]
    manifest = verified_manifest(backup.path)
    assert manifest.month == MONTH
    assert manifest.tables["payments"].sum == str(books.value("SELECT sum(amount) FROM payments"))
    with books.database.transaction() as session:
        assert verify_backup(session, backup.path).stale == ()
        assert list_backups(session, closer.folder) == (backup,)


def test_closing_without_a_backup_is_refused_or_only_warned(books: Books, closer: Closer) -> None:
    books.fill(3)
    before = books.snapshot()
    with pytest.raises(RuleError, match="has no backup"):
        closer.close()
    assert books.snapshot() == before
    result = closer.close(require_backup=False)
    assert result.warnings == ("The month 2025-09 has no backup. Make one first: backup create.",)


def test_a_backup_whose_file_is_gone_counts_as_none(books: Books, closer: Closer) -> None:
    books.fill(3)
    closer.back_up().path.unlink()
    with pytest.raises(RuleError, match="has no backup"):
        closer.close()


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO payments (paid_on, amount, method, artist_id)"
        " VALUES ('2025-09-10', 1, 'pix', 1)",
        "UPDATE payments SET notes = 'outra' WHERE id = 1",
        "UPDATE sessions SET status = 'cancelled' WHERE id = 1",
        "UPDATE expenses SET voided_at = now(), void_reason = 'x' WHERE id = 1",
        "UPDATE commissions SET notes = 'x' WHERE id = (SELECT min(id) FROM commissions)",
    ],
)
def test_a_backup_older_than_any_change_is_stale(books: Books, closer: Closer, change: str) -> None:
    books.fill(5)
    path = closer.back_up().path
    with books.database.transaction() as session:
        session.execute(text(change))
    before = books.snapshot()
    with pytest.raises(RuleError) as refused:
        closer.close()
    assert refused.value.code == "backup_stale"
    assert path.name in str(refused.value)
    assert books.snapshot() == before
    with books.database.transaction() as session:
        assert verify_backup(session, path).stale
    assert books.rows("SELECT status, message FROM extrato_runs") == [
        ("refused", str(refused.value))
    ]
    assert closer.back_up_and_close().statement.version == 1


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)


def flip_the_bit_of_encryption(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_an_amount(path: Path) -> None:
    """As a forger would: a whole zip, only with other money in it."""
    copy = path.with_suffix(".forged")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "payments.copy":
                content = content.replace(b"\t51.25\t", b"\t91.25\t")
            target.writestr(name, content)
    copy.replace(path)


def remove_the_manifest(path: Path) -> None:
    copy = path.with_suffix(".forged")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            if not name.startswith("manifest"):
                target.writestr(name, source.read(name))
    copy.replace(path)


def rewrite_manifest(path: Path, target_path: Path, **changes: str) -> None:
    """A whole and consistent file that says something else of itself."""
    copy = path.with_suffix(".forged")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
            target.writestr(name, content)
    copy.replace(target_path)


def refused_until_there_is_a_new_backup(month: TheMonth, closer: Closer, said: str) -> None:
    with pytest.raises(RuleError, match=said) as refused:
        closer.close()
    month.is_as_it_was()
    assert month.runs() == [("refused", str(refused.value))]
    closer.back_up()
    month.closes_now()
    assert month.statuses() == ["refused", "done"]


@pytest.mark.parametrize(
    "damage",
    [
        *(truncate, flip_a_byte, flip_the_bit_of_encryption),
        *(empty, change_an_amount, remove_the_manifest),
    ],
    ids=["truncated", "corrupt", "encrypted", "empty", "forged", "without_manifest"],
)
def test_a_damaged_backup_closes_nothing(
    closer: Closer, damage: Callable[[Path], None], books: Books
) -> None:
    month = TheMonth(closer, 50)
    (path,) = closer.folder.iterdir()
    damage(path)
    said = f"The backup {path.name} (is damaged|cannot be read)"
    refused_until_there_is_a_new_backup(month, closer, said)


def test_a_swapped_backup_is_told_by_its_month(books: Books, closer: Closer) -> None:
    books.fill(5, Month(2025, 8))
    august = closer.back_up(Month(2025, 8)).path
    month = TheMonth(closer, 5)
    (september,) = closer.folder.glob("2025-09*")
    shutil.copy(august, september)
    refused_until_there_is_a_new_backup(month, closer, "is of 2025-08, not of 2025-09")


def test_another_whole_backup_under_the_same_name_is_not_the_one_on_record(
    books: Books, closer: Closer
) -> None:
    month = TheMonth(closer, 5)
    (path,) = closer.folder.iterdir()
    rewrite_manifest(path, path, program="9.9.9")
    verified_manifest(path)
    refused_until_there_is_a_new_backup(month, closer, "not the file on record")


def test_a_folder_that_is_none_is_said(books: Books, closer: Closer) -> None:
    closer.folder.write_text("a file stands here")
    with pytest.raises(StudioError) as refused:
        closer.back_up()
    assert refused.value.code == "cannot_write"


def test_a_backup_of_a_closed_month_still_holds_every_row(books: Books, closer: Closer) -> None:
    books.fill(20)
    live = closer.back_up()
    closer.close()
    closed = closer.back_up()
    assert closed.rows == live.rows
    digests = [verified_manifest(backup.path).digests for backup in (live, closed)]
    assert digests[0] == digests[1]


def test_a_month_comes_back_into_an_empty_database(
    books: Books, closer: Closer, empty_database_url: URL
) -> None:
    client = books.client('Érica\tSá \\ "aspas"\nlinha')
    books.fill(40)
    paid = books.pay("12.34", client_id=client, notes="NULL \\N \\. fim")
    books.pay("50.00", session_id=_session_of_august(books))
    backup = closer.back_up()
    before = books.snapshot()
    with books.database.transaction() as session:
        digests = month_digests(session.connection(), MONTH)
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as restored:
        restore_backup(restored, backup.path)
        other = Reader(restored)
        after = other.snapshot()
        assert {name: after[name] for name in after if name != "sessions"} == {
            name: before[name] for name in before if name != "sessions"
        }
        with restored.transaction() as session:
            assert month_digests(session.connection(), MONTH) == digests
        assert other.rows("SELECT notes FROM payments WHERE id = :id", id=paid.id) == [
            ("NULL \\N \\. fim",)
        ]
        with pytest.raises(RuleError, match="stand in this database already"):
            restore_backup(restored, backup.path)
        assert Books(restored).pay("1.00").id > paid.id
        with restored.transaction() as session:
            assert (
                session.scalar(
                    text(
                        "SELECT count(*) FROM payments p"
                        " LEFT JOIN sessions s ON s.id = p.session_id"
                        " WHERE p.session_id IS NOT NULL AND s.id IS NULL"
                    )
                )
                == 0
            )


def _session_of_august(books: Books) -> int:
    with books.database.transaction() as session:
        found: int = session.execute(
            text(
                "INSERT INTO sessions (artist_id, starts_at, ends_at, status)"
                " VALUES (:ana, '2025-08-20 12:00+00', '2025-08-20 13:00+00', 'paid')"
                " RETURNING id"
            ),
            {"ana": books.ana},
        ).scalar_one()
        return found


def test_a_restored_month_closes_to_the_same_totals(
    books: Books, closer: Closer, empty_database_url: URL
) -> None:
    books.fill(30)
    backup = closer.back_up()
    totals = closer.close().statement.totals
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as restored:
        restore_backup(restored, backup.path)
        other = Reader(restored)
        again = Closer(other, closer.folder / "again").back_up_and_close()
    assert again.statement.totals == totals


def test_a_backup_of_another_revision_is_not_restored(
    books: Books, closer: Closer, empty_database_url: URL
) -> None:
    books.fill(3)
    path = closer.back_up().path
    copy = path.with_name("old.backup.zip")
    rewrite_manifest(path, copy, revision="0000")
    migrate(empty_database_url)
    with (
        Database(empty_database_url, application_name="tests") as restored,
        pytest.raises(RuleError, match="another version"),
    ):
        restore_backup(restored, copy)


def test_a_file_that_is_no_backup_is_said(books: Books, tmp_path: Path) -> None:
    other = tmp_path / "photo.zip"
    other.write_bytes(b"\x89PNG")
    for path in (other, tmp_path / "missing.zip"):
        with pytest.raises(RuleError) as refused:
            verified_manifest(path)
        assert refused.value.code == "backup_unreadable"


def test_an_unfinished_file_is_never_offered(books: Books, closer: Closer) -> None:
    """The name appears only when the file is whole."""
    books.fill(3)
    with pytest.raises(StudioError), files_no_larger_than(100):
        create_backup(books.database, month=MONTH, directory=closer.folder)
    with books.database.transaction() as session:
        assert list_backups(session, closer.folder) == ()
