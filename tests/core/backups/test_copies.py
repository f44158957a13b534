"""The second place: what is copied there and read back, and what keeps a copy from being one."""

import os
from pathlib import Path

import pytest

from studio_core.backups.copies import copy_backups
from studio_core.backups.routine import back_up_copy_and_tidy
from studio_core.errors import StudioError
from studio_core.extrato.backup import create_backup
from tests.books import MONTH
from tests.core.backups.conftest import Studio, run_as_admin
from tests.full_disks import files_no_larger_than


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "other disk"
    folder.mkdir()
    return folder


def copy(studio: Studio, second: Path) -> tuple[str, ...]:
    return copy_backups(studio.jobs, directory=studio.folder, copy_dir=second)


def uncopied(studio: Studio) -> int:
    return int(
        studio.books.value(
            "SELECT (SELECT count(*) FROM full_backups WHERE copied_at IS NULL)"
            " + (SELECT count(*) FROM backups WHERE copied_at IS NULL)"
        )
    )


def test_backups_of_months_and_of_all_are_copied_once(studio: Studio, second: Path) -> None:
    full = studio.back_up()
    month = create_backup(studio.jobs, month=MONTH, directory=studio.folder)
    assert copy(studio, second) == (full.file_name, month.path.name)
    for name in (full.file_name, month.path.name):
        assert (second / name).read_bytes() == (studio.folder / name).read_bytes()
        assert (second / name).stat().st_mode & 0o777 == 0o600
    assert len(list(second.iterdir())) == 2
    assert uncopied(studio) == 0
    assert copy(studio, second) == ()


def test_a_disk_that_is_not_there_is_said_and_no_folder_made_in_its_place(
    studio: Studio, second: Path
) -> None:
    second.rmdir()
    assert copy(studio, second) == ()
    studio.back_up()
    with pytest.raises(StudioError) as refused:
        copy(studio, second)
    assert refused.value.code == "copy_dir_missing"
    assert str(second) in str(refused.value)
    assert not second.exists()
    second.mkdir()
    assert len(copy(studio, second)) == 1


def test_a_full_disk_leaves_no_half_copy(studio: Studio, second: Path) -> None:
    studio.back_up()
    with pytest.raises(StudioError) as refused, files_no_larger_than(4096):
        copy(studio, second)
    assert refused.value.code == "disk_full"
    assert list(second.iterdir()) == []
    assert uncopied(studio) == 1


def test_a_backup_that_changed_is_not_copied_and_hinders_no_other(
    studio: Studio, second: Path
) -> None:
    older, newer = studio.back_up(), studio.back_up()
    studio.path(newer).write_bytes(b"something else")
    with pytest.raises(StudioError) as refused:
        copy(studio, second)
    assert refused.value.code == "copy_source_differs"
    assert [file.name for file in second.iterdir()] == [older.file_name]
    assert uncopied(studio) == 1


def test_a_copy_that_does_not_read_back_as_written_is_none(
    studio: Studio, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing disk, played by something that changes the file between writing and reading."""
    studio.back_up()

    def fail(descriptor: int) -> None:
        os.pwrite(descriptor, b"\0", 100)

    monkeypatch.setattr("studio_core.backups.copies._forget", fail)
    with pytest.raises(StudioError) as refused:
        copy(studio, second)
    assert refused.value.code == "copy_differs"
    assert list(second.iterdir()) == []


def test_what_stands_there_under_the_name_is_replaced_unless_it_is_the_copy(
    studio: Studio, second: Path
) -> None:
    row = studio.back_up()
    target = second / row.file_name
    target.write_bytes(b"half of it, from another program")
    assert copy(studio, second) == (row.file_name,)
    assert target.read_bytes() == studio.path(row).read_bytes()


def test_a_copy_that_fails_costs_no_backup_and_raises_an_alert(
    studio: Studio, second: Path, caplog: pytest.LogCaptureFixture
) -> None:
    second.rmdir()
    done = back_up_copy_and_tidy(studio.jobs, directory=studio.folder, copy_dir=second)
    assert studio.path(done.made).is_file()
    assert done.refusal is not None
    assert done.refusal.code == "copy_dir_missing"
    ((kind, message),) = studio.books.rows("SELECT kind, message FROM alerts")
    assert kind == "backup_failed"
    assert str(second) in message
    second.mkdir()
    done = back_up_copy_and_tidy(studio.jobs, directory=studio.folder, copy_dir=second)
    assert (len(done.copied), done.refusal) == (2, None)
    assert done.made.copied_at is not None


def test_a_rule_that_keeps_old_backups_from_going_is_told_of(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    run_as_admin(studio, "INSERT INTO settings (key, value) VALUES ('time_zone', '\"Nowhere\"')")
    done = back_up_copy_and_tidy(studio.jobs, directory=studio.folder, copy_dir=None)
    assert studio.path(done.made).is_file()
    assert done.refusal is not None
    assert done.refusal.code == "bad_setting"
    assert "backup_failed" in caplog.text


def test_what_is_stopped_is_no_failure(studio: Studio, second: Path) -> None:
    def after_the_backup() -> bool:
        return any(studio.folder.glob("*.full.zip"))

    done = back_up_copy_and_tidy(
        studio.jobs, directory=studio.folder, copy_dir=second, cancelled=after_the_backup
    )
    assert studio.path(done.made).is_file()
    assert (done.copied, done.refusal) == ((), None)
    assert studio.books.rows("SELECT kind FROM alerts") == []
