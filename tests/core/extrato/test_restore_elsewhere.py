"""Restoring where other rows stand, and from files that were not made here."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text

from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup, restore_backup
from studio_core.extrato.backup_file import verified_manifest
from studio_core.months import Month
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer


def test_money_never_becomes_that_of_somebody_else(
    books: Books, closer: Closer, empty_database_url: URL
) -> None:
    """Another studio's database has an artist 1 of its own."""
    books.fill(3)
    backup = closer.back_up()
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as elsewhere:
        other = Books(elsewhere)
        with pytest.raises(RuleError) as refused:
            restore_backup(elsewhere, backup.path)
        assert refused.value.code == "backup_foreign"
        assert other.value("SELECT count(*) FROM payments") == 0
        assert other.value("SELECT count(*) FROM users") == 2


def test_a_second_month_of_the_same_studio_joins_the_first(
    books: Books, closer: Closer, empty_database_url: URL
) -> None:
    """Its people stand there already, whatever they are called by now."""
    books.fill(3)
    books.fill(3, Month(2025, 8))
    first = closer.back_up()
    with books.database.transaction() as session:
        session.execute(text("UPDATE users SET name = name || ' Silva'"))
    second = create_backup(books.database, month=Month(2025, 8), directory=closer.folder)
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as restored:
        restore_backup(restored, first.path)
        restore_backup(restored, second.path)
        with restored.transaction() as session:
            assert session.scalar(text("SELECT count(*) FROM payments")) == 6


def _without_people(manifest: dict[str, Any]) -> dict[str, Any]:
    return {**manifest, "tables": {**manifest["tables"], "users": None}}


def _with_a_list_of_tables(manifest: dict[str, Any]) -> dict[str, Any]:
    return {**manifest, "tables": []}


def _without_the_entry(manifest: dict[str, Any]) -> dict[str, Any]:
    kept = {name: entry for name, entry in manifest["tables"].items() if name != "users"}
    return {**manifest, "tables": kept}


@pytest.mark.parametrize("change", [_without_people, _with_a_list_of_tables, _without_the_entry])
def test_a_manifest_of_another_shape_is_no_fault(
    books: Books, closer: Closer, empty_database_url: URL, change: Any
) -> None:
    books.fill(3)
    path = closer.back_up().path
    crafted = path.with_name("crafted.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(crafted, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                content = json.dumps(change(json.loads(content))).encode()
            target.writestr(name, content)
    migrate(empty_database_url)
    with (
        Database(empty_database_url, application_name="tests") as restored,
        pytest.raises(RuleError) as refused,
    ):
        restore_backup(restored, crafted)
    assert refused.value.code in {"backup_unreadable", "backup_corrupt"}


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a device of Linux and macOS")
def test_a_device_is_no_backup() -> None:
    """It would be read for ever."""
    with pytest.raises(RuleError, match="not a whole file"):
        verified_manifest(Path("/dev/zero"))


def test_the_computers_own_encoding_has_no_say(
    books: Books, closer: Closer, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.pay("10.00", client_id=books.client("Zoë 🎨"), notes="“aspas”")
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with Database(books.database.url, application_name="tests") as here:
        made = create_backup(here, month=MONTH, directory=closer.folder)
    with zipfile.ZipFile(made.path) as archive:
        assert "Zoë 🎨" in archive.read("clients.copy").decode("utf-8")
        assert "“aspas”" in archive.read("payments.copy").decode("utf-8")
