"""Each computer user's desk has a number that stays."""

import stat
from pathlib import Path

import pytest

from studio_desktop.signin.device import device_id


def test_the_number_stays_and_is_its_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "desk"

    first = device_id(folder)

    assert first.version == 4
    assert device_id(folder) == first
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_users_have_two_numbers(tmp_path: Path) -> None:
    assert device_id(tmp_path / "ana") != device_id(tmp_path / "bento")


def test_a_home_folder_on_two_computers_has_two_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = device_id(tmp_path)
    monkeypatch.setattr("platform.node", lambda: "another-computer")

    assert device_id(tmp_path) != here


def test_a_file_that_was_cut_off_gives_another_number(tmp_path: Path) -> None:
    device_id(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text("4f", encoding="ascii")

    assert device_id(tmp_path) == device_id(tmp_path)


def test_where_nothing_can_be_written_it_is_one_for_this_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()

    assert device_id(in_the_way / "desk") != device_id(in_the_way / "desk")
    assert "device_not_kept" in caplog.text
